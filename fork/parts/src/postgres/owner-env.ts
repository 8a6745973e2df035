import { z } from 'zod';

/** The variable of migrations. */
export const ownerEnv = {
  DATABASE_OWNER_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe('Postgres, by the role that owns the tables: for migrations, which the app itself has no right to'),
};
