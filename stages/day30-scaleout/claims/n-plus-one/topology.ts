import { otherRoot } from '../other-root.ts';

/** The stage with an app that asks for each author by itself. */
export const topology = otherRoot('claims/n-plus-one', 2);
