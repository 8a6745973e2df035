import { z } from 'zod';

/** The variables of the database. */
export const sqliteEnv = {
  SQLITE_PATH: z.string().min(1).default('day90.sqlite').describe('SQLite file, made when it is not there'),
};
