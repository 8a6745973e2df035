import { z } from 'zod';

/** The variables that this step brings. */
export const sqliteEnv = {
  SQLITE_PATH: z.string().min(1).default('day90.sqlite').describe('SQLite file, made when it is not there'),
};
