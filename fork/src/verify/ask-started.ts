import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guardian } from '@day90/infra';
import type { Process } from '../plans.ts';

const READY_MS = 20_000;
const POLL_MS = 100;

interface Started {
  folder: string;
  env: Record<string, string>;
  guardian: Guardian;
  processes: Process[];
}

/**
 * Starts a project's processes as its own scripts do, asks the app for its health and for posts, does `work` with it, and ends them.
 * @param work - Told where the app listens.
 * @throws {Error} When one doesn't come up, answers wrongly, or doesn't end with 0.
 */
export async function askStarted(project: Started, work: (url: string) => Promise<void> | undefined): Promise<void> {
  const children = project.processes.map((name) => start(project, name));
  try {
    const [url = ''] = await Promise.all(children.map(listening));
    await untilReady(url);
    for (const path of ['/livez', '/posts', '/openapi.json', '/static/avatars/1.svg']) await expectAnswer(url + path);
    await work(url);
  } finally {
    for (const child of children) child.kill('SIGTERM');
  }
  for (const child of children) await expectEnd(child);
}

function start({ folder, env, guardian }: Started, name: Process): ChildProcess {
  // As its own script does, but for the port: that of the script may be somebody's.
  const child = spawn('node', ['--env-file=.env', `src/${name}.ts`], {
    ...{ cwd: folder, env: { ...env, BOX: `${name}-1`, PORT: '0', METRICS_PORT: '0', DRAIN_MS: '0' } },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.pid !== undefined) guardian.add(child.pid);
  return child;
}

async function listening(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const url = /"url":"(http:[^"]+)"/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout?.resume();
    return url;
  }
  throw new Error(`it ended with ${child.exitCode ?? child.signalCode} before it listened`);
}

/** Databases are connected to in the background: a process listens before it is ready. */
async function untilReady(url: string): Promise<void> {
  const giveUpAt = performance.now() + READY_MS;
  while ((await fetch(`${url}/readyz`)).status !== 200) {
    if (performance.now() > giveUpAt) throw new Error(`it is not ready after ${READY_MS / 1000} s`);
    await sleep(POLL_MS);
  }
}

async function expectAnswer(url: string): Promise<void> {
  const { status } = await fetch(url);
  if (status !== 200) throw new Error(`${url} answered ${status}`);
}

async function expectEnd(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`it ended with ${child.exitCode ?? child.signalCode} after SIGTERM`);
}
