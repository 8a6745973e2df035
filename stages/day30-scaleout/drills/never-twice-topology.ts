import { editedNginx } from './edited-nginx.ts';
import { farDatabase } from './far-database.ts';

/** A POST with a key is treated as any POST, which is what nginx does unless told otherwise. */
export const topology = farDatabase('never-twice', { nginx: editedNginx(3003, ['s/ non_idempotent;/;/']) });
