import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Pulse } from '../src/postgres-pulse.ts';
import { logger, postgresOfThisFile } from './postgres-rig.ts';

const postgres = postgresOfThisFile();
let pulse: Pulse;
let endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings) await end();
  endings = [];
  pulse.close();
});

/** As SIGSTOP, or a budget that is used up: answers come in meanwhile, and all timers are due before the first one is read. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function watching() {
  pulse = new Pulse({ connectionString: await postgres.url() }, new Set<Socket>(), logger);
  return { ask: () => pulse.ask() };
}

/** A server at its limit: who asks waits in line, here for ever, while somebody else is answered. */
async function answeringOthers() {
  const sockets = new Set<Socket>();
  const stream = () => {
    const socket = new Socket();
    sockets.add(socket);
    return socket;
  };
  const config = { connectionString: await postgres.url(), stream };
  pulse = new Pulse({ ...config, application_name: 'asks' }, sockets, logger);
  await pulse.ask();
  const other = new pg.Client(config);
  await other.connect();
  const { rows } = await other.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'asks'");
  process.kill(rows[0].pid, 'SIGSTOP');
  let over = false;
  const answered = (async () => {
    while (!over) await other.query('SELECT pg_sleep(0.05)');
  })();
  endings.push(async () => {
    over = true;
    process.kill(rows[0].pid, 'SIGCONT');
    await answered.catch(() => {});
    await other.end();
  });
  return {
    ask: () => pulse.ask(),
    async fallSilent() {
      over = true;
      await answered;
    },
  };
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
    expect(performance.now() - from).toBeLessThan(4_000); // a call's own time-out is 5 s and more
    await postgres.signal('SIGCONT');
  });
});

describe('a server at its limit', () => {
  it('is there as long as it answers anybody, and given up once it does not', async () => {
    const server = await answeringOthers();
    for (let i = 0; i < 3; i += 1) await server.ask();
    await sleep(700);
    await server.ask();
    await server.fallSilent();
    await expect(server.ask()).rejects.toThrow('The database is out of reach.');
  });
});
