import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { defineTopology, type Instance, launch } from '@day90/infra';
import { ADMIN, ADMIN_EMAIL, DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { data } from 'stage-3/boxes';
import { databaseOptions, databases } from 'stage-4/boxes';
import { board, queue } from '../src/boxes.ts';

const topology = defineTopology({
  stage: 'stage-6',
  variant: 'board',
  data,
  door: 'board',
  options: databaseOptions,
  boxes: { db: databases(16_004, { cpu: 1 }), queue: queue(16_007), board: board(16_010) },
  hello: ['postgres://day90_app:${secret:db-app}@127.0.0.1:${port:db-1}/day90'],
});

let instance: Instance;
beforeAll(async () => {
  instance = await launch(topology, {
    ...{ folder: fileURLToPath(new URL('..', import.meta.url)), instance: `test-stage-6-page-${process.pid}` },
    ...{ scale: 'small', ports: 'free', quiet: true, throwAway: true, budgets: false, onProgress: () => {} },
    replicas: { db: 1 },
  });
}, 120_000);
afterAll(() => instance.stop(), 180_000);

const logIn = (email: string) =>
  fetch(`${instance.url}/login`, {
    ...{ method: 'POST', redirect: 'manual' },
    body: new URLSearchParams({ email, password: DEMO_PASSWORD }),
  });

describe('the process of the page', () => {
  it('lets the seeded admin in, and shows all queues', async () => {
    const { status, headers } = await logIn(ADMIN_EMAIL);
    expect(status).toBe(303);
    const Cookie = headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const answer = await fetch(`${instance.url}/queues/api/queues`, { headers: { Cookie } });
    const { queues } = (await answer.json()) as { queues: { name: string; readOnlyMode: boolean }[] };
    expect(queues.map(({ name, readOnlyMode }) => [name, readOnlyMode])).toEqual([
      ['mails', true],
      ['recommendations', true],
      ['pictures', true],
    ]);
  });

  it('lets no other member in, and nobody without a login', async () => {
    expect((await logIn(DEMO_EMAIL)).status).toBe(401);
    for (const path of ['/queues', '/queues/api/queues', '/queues/static/images/logo.svg'])
      expect((await fetch(`${instance.url}${path}`)).status).toBe(401);
  });
});

it('listens on 127.0.0.1 and on no other address', async () => {
  // Another one of this machine: who listens on all of them is reached there, too.
  expect(await connected(Number(new URL(instance.url).port), '127.0.0.2')).toBe(false);
});

function connected(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address, () => resolve(socket.destroy().destroyed));
    socket.on('error', () => resolve(false));
  });
}

describe('the table of admins', () => {
  it('can be read by the app, and changed by its owner alone', async () => {
    const app = new pg.Client({ connectionString: instance.hello[0] as string });
    await app.connect();
    try {
      expect((await app.query('SELECT user_id FROM admins')).rows).toEqual([{ user_id: String(ADMIN) }]);
      for (const change of ['INSERT INTO admins VALUES (1)', 'UPDATE admins SET user_id = 1', 'DELETE FROM admins'])
        await expect(app.query(change)).rejects.toThrow('permission denied for table admins');
    } finally {
      await app.end();
    }
  });
});
