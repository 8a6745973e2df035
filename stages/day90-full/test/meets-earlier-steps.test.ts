import { fileURLToPath } from 'node:url';
import { eventually } from '@day90/testing';
import { type LaunchedStage, launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '../src/topology.ts';

const AT_ONCE = 30;
const PASSWORD = 'what nobody else would think of';

let stage: LaunchedStage;
beforeAll(async () => {
  stage = await launchedStage(topology, fileURLToPath(new URL('..', import.meta.url)), 'meets', {
    options: { 'in-flight': '2', 'public-reads': '2' },
    replicas: { app: 1 },
    env: { app: { LIMITER: '' } }, // nobody changes these limits meanwhile
  });
}, 120_000);
afterAll(() => stage?.stop());

function post(path: string, body: object): Promise<Response> {
  return fetch(`${stage.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/* 7×6 */
describe('sign-ups, many more at once than are let in', () => {
  it('are done whole where they were accepted, their mails and all, and not at all where they were refused', async () => {
    const people = Array.from({ length: AT_ONCE }, (_, i) => ({ name: `Ada ${i}`, email: `rush-${i}@day90.test` }));
    const seen = await Promise.all(
      people.map(async (person) => ({
        ...person,
        status: (await post('/signup', { ...person, password: PASSWORD })).status,
      })),
    );
    const by = (status: number) => seen.filter((one) => one.status === status).map(({ email }) => email);
    const [accepted, refused] = [by(201), by(503)];
    expect(accepted.length + refused.length).toBe(AT_ONCE);
    expect(accepted.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);

    const { mails } = stage;
    if (!mails) throw new Error('the stage tells of no mails');
    const reached = async () => (await mails()).map(({ to }) => to).filter((to) => to.startsWith('rush-'));
    const sent = await eventually(reached, (list) => list.length >= accepted.length, 30_000);
    expect(sent.toSorted()).toEqual(accepted.toSorted());
    expect((await post('/login', { email: accepted[0], password: PASSWORD })).status).toBe(200);
    expect((await post('/login', { email: refused[0], password: PASSWORD })).status).toBe(401);
    expect((await post('/signup', { ...people[0], email: refused[0], password: PASSWORD })).status).toBe(201);
  });
});
