import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from '@day90/testing';
import type { LaunchedStage } from '@day90/testing/launched';
import { describe, expect, it } from '@jest/globals';

const CLI = fileURLToPath(new URL('../../../infra/src/cli.ts', import.meta.url));
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

interface Hop {
  box: string;
  text: string;
  afterMs: number;
  ms?: number;
}

/** Follows requests by `day90 logs` through a stage that is up. */
export function describeRequestWay(stage: () => LaunchedStage): void {
  async function way(id: string): Promise<Hop[]> {
    const args = [CLI, 'logs', '--request', id, '--json', '--instance', stage().instance.ready.instance];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: FOLDER });
    return JSON.parse(stdout).hops;
  }
  const boxesOf = (hops: Hop[]) => hops.map(({ box }) => box.replace(/-\d+$/, ''));

  function signUp(body: object): Promise<Response> {
    const headers = { 'Content-Type': 'application/json' };
    const url = `http://127.0.0.1:${stage().instance.box('edge-la').port}/signup`;
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  describe('the way of a request', () => {
    it('leads from the edge to the mail, under the id of the answer', async () => {
      const to = `${randomUUID()}@day90.test`;
      const answer = await signUp({ name: 'Ada', email: to, password: 'correct horse battery' });
      expect(answer.status).toBe(201);
      const id = answer.headers.get('x-request-id') ?? '';
      const hops = await eventually(
        () => way(id),
        (found) => found.some(({ box }) => box === 'mail'),
        40_000,
      );
      const mail = hops.filter(({ text }) => !text.includes('recommendations'));
      expect(boxesOf(mail)).toEqual(['edge-la', 'edge-seoul', 'nginx', 'app', 'outbox', 'queue', 'worker', 'mail']);
      expect(mail[3]?.text).toMatch(/^201 · db .*queries\).*app /);
      expect(mail.at(-1)?.text).toContain(to);
      // From Los Angeles it takes a round trip before anything else happens.
      expect(mail[0]?.ms).toBeGreaterThan(mail[2]?.ms ?? Number.POSITIVE_INFINITY);
    }, 90_000);

    it('is known for one that was refused, by the id in its problem', async () => {
      const answer = await signUp({ name: 'Ada' });
      const { requestId } = (await answer.json()) as { requestId: string };
      expect(requestId).toBe(answer.headers.get('x-request-id'));
      const hops = await way(requestId);
      expect(boxesOf(hops)).toEqual(['edge-la', 'edge-seoul', 'nginx', 'app', 'app']);
      expect(hops.at(-1)?.text).toMatch(/refused.*invalid/);
    }, 60_000);
  });
}
