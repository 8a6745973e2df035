import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { HttpRig } from '@day90/testing';

const READY_MS = 20_000;
const POLL_MS = 100;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** All requests of a test come from one address, and no two processes may want the same port. */
const FOR_TESTS = {
  LOG_LEVEL: 'info',
  PORT: '0',
  METRICS_PORT: '0',
  DRAIN_MS: '0',
  LOGIN_TURNS_PER_MINUTE: '100000',
  LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '100000',
  SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: '100000',
  UPLOAD_TURNS_PER_HOUR: '100000',
};

/**
 * Starts the app as it runs elsewhere, on the services that .env names; a SQLite file is a new one.
 * @param processes - Roots in src/, the one that listens first.
 * @throws {Error} With what it wrote when it ends instead of listening.
 */
export async function startApp(processes: string[]): Promise<HttpRig> {
  const folder = mkdtempSync(join(tmpdir(), 'day90-test-'));
  const env = { ...process.env, ...FOR_TESTS, SQLITE_PATH: join(folder, 'test.sqlite') };
  const children = processes.map((name) =>
    spawn(process.execPath, ['--env-file-if-exists=.env', `src/${name}.ts`], {
      cwd: ROOT,
      env: { ...env, BOX: `${name}-1` },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const stop = async () => {
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true });
  };
  try {
    const [url = ''] = await Promise.all(children.map(listening));
    await untilReady(url);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where a process listens, which it writes into its log. */
async function listening(child: ChildProcess): Promise<string> {
  let written = '';
  child.stderr?.on('data', (chunk) => (written += chunk));
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const url = /"url":"(http:[^"]+)"/.exec(line)?.[1];
    if (url === undefined) {
      written += `${line}\n`;
      continue;
    }
    child.stdout?.resume(); // a pipe that nobody reads fills up, and the process waits
    return url;
  }
  throw new Error(`It ended before it listened:\n${written}`);
}

/** Databases are connected to in the background: a process listens before it is ready. */
async function untilReady(url: string): Promise<void> {
  const giveUpAt = performance.now() + READY_MS;
  while ((await fetch(`${url}/readyz`)).status !== 200) {
    if (performance.now() > giveUpAt) throw new Error(`It is not ready after ${READY_MS / 1000} s.`);
    await sleep(POLL_MS);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
