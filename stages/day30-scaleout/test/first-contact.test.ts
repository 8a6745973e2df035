import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import { openPostgres } from '../src/postgres.ts';

/** Hangs up at once, as a server that is just starting may. */
async function nobody(): Promise<{ server: Server; port: number; calls: () => number }> {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { port: number }).port, calls: () => calls };
}

describe('an app that is there before its database', () => {
  it('says once that it waits, and for which, however often it asks; and no password with it', async () => {
    const { server, port, calls } = await nobody();
    const lines: string[] = [];
    const logger = createLogger({ LOG_LEVEL: 'info', BOX: 'test' }, { write: (line) => void lines.push(line) });
    const db = openPostgres(`postgres://day90_app:unused@127.0.0.1:${port}/day90`, { logger, pool: 1 });
    try {
      while (calls() < 4) await sleep(20);
      const said = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
      expect(said).toEqual([`waiting for the database 127.0.0.1:${port}/day90, which can't be reached yet`]);
      expect(lines.join()).not.toContain('unused');
    } finally {
      await db.close();
      server.close();
    }
  });
});
