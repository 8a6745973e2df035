import { otherRoot } from '../other-root.ts';

/** The stage with an app that keeps no connection to Postgres. */
export const topology = otherRoot('claims/pool', 3);
