import { editedNginx } from './edited-nginx.ts';
import { roundRobinBeside } from './round-robin-beside.ts';

/** A box may be silent for a minute, which is what nginx lets it unless told otherwise. */
export const topology = roundRobinBeside('patient-nginx', {
  nginx: editedNginx(3003, ['s/proxy_read_timeout 5s;/proxy_read_timeout 60s;/']),
});
