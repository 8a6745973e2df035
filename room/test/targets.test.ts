import { seededRandom } from '@day90/bench';
import { idOfRank } from '@day90/testing/data';
import { describe, expect, it } from '@jest/globals';
import { targetLines } from '../src/targets.ts';

const DOOR = 'http://127.0.0.1:1';

function targetsOf(more: { writes?: number; skew?: number }) {
  const lines = targetLines({ door: DOOR, writes: 0, skew: 0, session: 'sid=a', ...more }, seededRandom(1));
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('targetLines', () => {
  it('reads all posts alike without a skew, and those most that the data has as popular with one', () => {
    const popular = new Set(Array.from({ length: 100 }, (_, i) => `${DOOR}/posts/${idOfRank(i + 1, 10_000)}`));
    const share = (skew: number) => targetsOf({ skew }).filter(({ url }) => popular.has(url)).length / 5000;
    expect(share(0)).toBeCloseTo(0.01, 2);
    expect(share(1)).toBeGreaterThan(0.5); // ln 100 ÷ ln 10,000
  });

  it('writes with a session as often as it is told, and reads without one', () => {
    const targets = targetsOf({ writes: 0.25 });
    const writes = targets.filter(({ method }) => method === 'POST');
    expect(writes.length / targets.length).toBeCloseTo(0.25, 1);
    expect(writes[0]).toMatchObject({ url: `${DOOR}/posts`, header: { Cookie: ['sid=a'] } });
    expect(JSON.parse(Buffer.from(writes[0].body, 'base64').toString())).toHaveProperty('title');
    expect(targets.find(({ method }) => method === 'GET')).not.toHaveProperty('header');
  });
});
