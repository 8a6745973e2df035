import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Pulse } from '../src/postgres-pulse.ts';
import { logger, postgresOfThisFile } from './postgres-rig.ts';

const postgres = postgresOfThisFile();
let pulse: Pulse;
afterEach(() => pulse.close());

/** As SIGSTOP, or a budget that is used up: answers come in meanwhile, and all timers are due before the first one is read. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function watching() {
  pulse = new Pulse({ connectionString: await postgres.url() }, new Set<Socket>(), logger);
  return { ask: () => pulse.ask() };
}

describe('a process that stood still while it looked whether its database is there', () => {
  it('believes an answer that came meanwhile', async () => {
    const { ask } = await watching();
    await ask();
    const asked = ask();
    standStill(1000);
    await asked;
  });

  it.each([0, 2])('has time for the rest of a first look, which connects, %d ms after that began', async (ms) => {
    const { ask } = await watching();
    const asked = ask();
    asked.catch(() => {});
    await sleep(ms);
    standStill(1000);
    await asked;
  });

  it('gives up a server that does not answer then, either', async () => {
    const { ask } = await watching();
    await ask();
    await postgres.signal('SIGSTOP');
    const asked = ask();
    const refused = expect(asked).rejects.toThrow('The database is out of reach.');
    standStill(1000);
    const from = performance.now();
    await refused;
    expect(performance.now() - from).toBeLessThan(800);
    await postgres.signal('SIGCONT');
  });
});
