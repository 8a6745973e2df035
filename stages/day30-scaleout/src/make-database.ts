import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { postgresProgram, unprivilegedUser } from '@day90/infra';

/** Its name. */
export const DATABASE = 'day90';

/** The passwords of the database's two roles. */
export interface RolePasswords {
  /** Owns the tables and may change them: for migrations and for loading, never for the app. */
  owner: string;
  /** Reads and writes rows, and that is all. */
  app: string;
}

/**
 * Makes a new data folder with an empty database and its two roles.
 *
 * Texts are sorted by code point, by Postgres' own tables: an index sorted by the operating system's rules is wrong as soon
 * as an update of the system changes them, and two machines would differ.
 * @see https://www.postgresql.org/docs/18/locale.html#LOCALE-PROVIDERS
 */
export function makeDatabase(folder: string, passwords: RolePasswords): void {
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8'];
  // Nobody may log in until our own pg_hba.conf is there; synced to the disk at the end of the loading, all at once.
  runToEnd('initdb', [
    '-D',
    folder,
    '--username=postgres',
    '--auth=reject',
    '--data-checksums',
    '--no-sync',
    ...locale,
  ]);
  const statements = [
    `CREATE ROLE day90_owner LOGIN PASSWORD ${quoted(passwords.owner)}`,
    `CREATE ROLE day90_app LOGIN PASSWORD ${quoted(passwords.app)}`,
    `CREATE DATABASE ${DATABASE} OWNER day90_owner`,
    `REVOKE ALL ON DATABASE ${DATABASE} FROM PUBLIC`, // TEMPORARY among them: a role without DDL makes no tables of any kind
    `GRANT CONNECT ON DATABASE ${DATABASE} TO day90_app`,
  ];
  const single = ['--single', '-D', folder, '-c', 'exit_on_error=on', '-c', 'fsync=off', 'postgres'];
  runToEnd('postgres', single, `${statements.join('\n')}\n`);
}

/** Writes all files of a data folder to the disk, which was not done while they were made. */
export function syncFolder(folder: string): void {
  runToEnd('initdb', ['--sync-only', '-D', folder]);
}

function runToEnd(program: 'initdb' | 'postgres', args: string[], input?: string): void {
  const folder = args[args.indexOf('-D') + 1] as string;
  const { status, stdout, stderr, error } = spawnSync(postgresProgram(program), args, {
    ...asWhom(join(folder, '..')),
    encoding: 'utf8',
    input,
  });
  if (status !== 0) throw new Error(`${program} failed: ${reasonIn(stderr || stdout)}`, { cause: error });
}

/** What stopped it, rather than the statement that was stopped, which may have a hundred lines. */
function reasonIn(output: string): string {
  return output.split('\n').find((line) => /\b(FATAL|PANIC|ERROR):/.test(line)) ?? output.trim();
}

/** As whom, and where, its programs are run: Postgres refuses to be root, and must be able to enter the folder it is started in. */
export function asWhom(cwd: string) {
  const user = unprivilegedUser();
  return { cwd, ...(user && { uid: user.uid, gid: user.gid }) };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
