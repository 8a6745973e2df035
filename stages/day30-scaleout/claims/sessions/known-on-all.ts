import { fileURLToPath } from 'node:url';
import type { MeasureContext } from '@day90/bench';
import { launch, type Topology } from '@day90/infra';
import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';
import { ask } from '../visitor.ts';

const MEMBERS = 10;
const BOXES = 3;
const FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** What became of members who logged in once and then came to every box. */
export interface Comebacks {
  asked: number;
  /** Requests of a member who was taken for a stranger. */
  strangers: number;
  /** Members who met each box once, as round-robin has it. */
  metAll: number;
}

/** Logs members in through nginx, and lets each of them come back as often as there are boxes. */
export async function comebacks(topology: Topology, { scale, signal }: MeasureContext): Promise<Comebacks> {
  const instance = await launch(topology, {
    ...{ folder: FOLDER, scale, signal, ports: 'free', quiet: true, throwAway: true, onProgress: () => {} },
    instance: `bench-${process.pid}-${topology.variant ?? 'sessions'}`,
    options: { balance: 'round-robin' },
    replicas: { app: BOXES },
    env: { app: { LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '1000' } },
    budgets: false,
  });
  try {
    const found: Comebacks = { asked: 0, strangers: 0, metAll: 0 };
    for (let id = 1; id <= MEMBERS; id += 1) {
      signal.throwIfAborted();
      const cookie = await logIn(instance.url, memberEmail(id));
      const met = new Set<unknown>();
      for (let i = 0; i < BOXES; i += 1) {
        const { status, headers } = await ask(instance.url, { path: '/me', headers: { Cookie: cookie } });
        if (status !== 200 && status !== 401) throw new Error(`GET /me was answered with ${status}`);
        met.add(headers['x-served-by']);
        found.asked += 1;
        if (status === 401) found.strangers += 1;
      }
      if (met.size === BOXES) found.metAll += 1;
    }
    return found;
  } finally {
    await instance.stop();
  }
}

/** @returns What makes the counts worth nothing. */
export function comebackProblems(...counted: Comebacks[]): string[] {
  return counted.every(({ metAll }) => metAll === MEMBERS) ? [] : ['not every member met each of the boxes'];
}

async function logIn(url: string, email: string): Promise<string> {
  const body = { email, password: DEMO_PASSWORD };
  const { status, headers } = await ask(url, { method: 'POST', path: '/login', body });
  const cookie = headers['set-cookie']?.[0]?.split(';')[0];
  if (status !== 200 || !cookie) throw new Error(`POST /login was answered with ${status}`);
  return cookie;
}
