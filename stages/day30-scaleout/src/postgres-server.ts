import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Guardian, handOver, postgresProgram, unprivilegedUser } from '@day90/infra';
import pg from 'pg';

const CONF = fileURLToPath(new URL('../postgres/', import.meta.url));
const DATABASE = 'day90';
const START_MS = 30_000;
const POLL_MS = 50;
/** The end of what Postgres wrote, shown when it fails. */
const KEPT_CHARACTERS = 2000;

/** The passwords of the database's two roles. */
export interface RolePasswords {
  /** Owns the tables and may change them: for migrations and for loading, never for the app. */
  owner: string;
  /** Reads and writes rows, and that is all. */
  app: string;
}

/** A Postgres of our own, outside of any topology: to load data, to explain plans, to test on. */
export interface PostgresServer {
  readonly pid: number;
  readonly port: number;
  /** Resolves when it has ended, asked or not. */
  readonly gone: Promise<void>;
  /** Ends it as it should be ended, so that its folder is whole and cold. */
  stop(): Promise<void>;
}

/** Where a role connects. */
export function databaseUrl(role: keyof RolePasswords, passwords: RolePasswords, port: number): string {
  return `postgres://day90_${role}:${passwords[role]}@127.0.0.1:${port}/${DATABASE}`;
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

/**
 * Starts Postgres in a data folder, with the stage's own configuration, and resolves when it takes connections.
 * @param options.settings - Win over those of postgresql.conf.
 * @param options.guardian - Ends it should this process be killed.
 * @throws {Error} With the end of what it wrote when it does not start.
 */
export async function startPostgres(
  folder: string,
  passwords: RolePasswords,
  options: { port?: number; settings?: Record<string, string>; guardian?: Guardian } = {},
): Promise<PostgresServer> {
  for (const file of ['postgresql.conf', 'pg_hba.conf']) {
    copyFileSync(join(CONF, file), join(folder, file));
    handOver(join(folder, file));
  }
  const port = options.port ?? (await freePort());
  const settings = Object.entries(options.settings ?? {}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(postgresProgram('postgres'), ['-D', folder, '-p', String(port), ...settings], {
    ...asWhom(folder),
    env: { ...process.env, ...options.guardian?.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) options.guardian?.add(child.pid);
  const gone = once(child, 'exit').then(() => {
    if (child.pid !== undefined) options.guardian?.drop(child.pid);
  });
  await untilUp(child, databaseUrl('owner', passwords, port));
  return {
    pid: child.pid as number,
    port,
    gone,
    async stop() {
      child.kill('SIGINT'); // "fast": connections are ended, a checkpoint is written
      await gone;
    },
  };
}

async function untilUp(child: ChildProcess, url: string): Promise<void> {
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      written = (written + chunk).slice(-KEPT_CHARACTERS);
    });
  }
  const giveUpAt = performance.now() + START_MS;
  for (;;) {
    const refused = await tryToConnect(url);
    if (!refused) return;
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (!ended && performance.now() < giveUpAt) {
      await sleep(POLL_MS);
      continue;
    }
    child.kill('SIGQUIT');
    throw new Error(`Postgres did not start: ${written.trim()}`, { cause: refused });
  }
}

async function tryToConnect(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: START_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await client.end();
  }
}

function runToEnd(program: 'initdb' | 'postgres', args: string[], input?: string): void {
  const folder = args[args.indexOf('-D') + 1] as string;
  const { status, stdout, stderr, error } = spawnSync(postgresProgram(program), args, {
    ...asWhom(join(folder, '..')),
    encoding: 'utf8',
    input,
  });
  if (status !== 0) throw new Error(`${program} failed: ${stderr || stdout}`.trim(), { cause: error });
}

/** Postgres refuses to be root, and must be able to enter the folder it is started in. */
function asWhom(cwd: string) {
  const user = unprivilegedUser();
  return { cwd, ...(user && { uid: user.uid, gid: user.gid }) };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
