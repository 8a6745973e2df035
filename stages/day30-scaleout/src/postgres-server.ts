import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, copyFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Guardian, handOver, postgresProgram } from '@day90/infra';
import pg from 'pg';
import { asWhom, DATABASE, type RolePasswords } from './make-database.ts';

const CONF = fileURLToPath(new URL('../postgres/', import.meta.url));
const START_MS = 30_000;
const POLL_MS = 50;
/** The end of what Postgres wrote, shown when it fails. */
const KEPT_CHARACTERS = 2000;

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
    const path = join(folder, file);
    rmSync(path, { force: true });
    // To a new file only: whoever owns the folder could put a link there, and root would write wherever it leads.
    copyFileSync(join(CONF, file), path, constants.COPYFILE_EXCL);
    handOver(path);
  }
  const port = options.port ?? (await freePort());
  const settings = Object.entries(options.settings ?? {}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(postgresProgram('postgres'), ['-D', folder, '-p', String(port), ...settings], {
    ...asWhom(folder),
    env: { ...process.env, ...options.guardian?.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) options.guardian?.add(child.pid, 'SIGQUIT');
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
