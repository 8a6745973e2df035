import { otherRoot } from '../../other-root.ts';

/** The stage with sessions in the memory of each box. */
export const topology = otherRoot('claims/sessions/in-memory', 4);
