import { topology as unprotected } from '../src/unprotected/topology.ts';
import { withAdmin } from './as-admin.ts';

/** The cache as it is usually taught, which takes orders from a drill. */
export const topology = withAdmin(unprotected);
