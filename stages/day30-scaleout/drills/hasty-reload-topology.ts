import { editedNginx } from './edited-nginx.ts';
import { farDatabase } from './far-database.ts';

/** A reload's old workers have no time for what they still have in hand. */
export const topology = farDatabase('hasty-reload', {
  nginx: editedNginx(3003, ['s/worker_shutdown_timeout 10s;/worker_shutdown_timeout 1ms;/']),
});
