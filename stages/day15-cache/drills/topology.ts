import { topology as stage } from '../src/topology.ts';
import { withAdmin } from './as-admin.ts';

/** The stage as it is, with a cache that takes orders from a drill. */
export const topology = withAdmin(stage);
