import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { postgresProgram, unprivilegedUser } from '@day90/infra';
import { makeDatabase } from 'stage-3/loading';

/*
 * Makes data folders of Postgres with no table in them: the stage's own roles, which its boxes are started and watched by, and
 * whatever the project's roles.sql makes, run as its compose.yaml runs it.
 */
const { DATA_DIR = '', FOLDERS = '', ROLES = '', DB_OWNER_PASSWORD = '', DB_APP_PASSWORD = '' } = process.env;
for (const name of FOLDERS.split(',')) {
  const folder = join(DATA_DIR, name);
  makeDatabase(folder, { owner: DB_OWNER_PASSWORD, app: DB_APP_PASSWORD });
  runAsSuperuser(folder, ROLES);
}

function runAsSuperuser(folder: string, sql: string): void {
  const user = unprivilegedUser();
  const args = ['--single', '-D', folder, '-c', 'exit_on_error=on', 'postgres'];
  const { status, stdout, stderr } = spawnSync(postgresProgram('postgres'), args, {
    ...{ cwd: dirname(folder), encoding: 'utf8', input: sql },
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  if (status !== 0) throw new Error(`roles.sql failed: ${stderr || stdout}`);
}
