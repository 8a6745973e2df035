import { describe, expect, it } from '@jest/globals';
import { skewedPosts, targetLines } from '../src/targets.ts';

function evenly(): () => number {
  let at = 0;
  return () => (at++ % 100) / 100;
}

describe('skewedPosts', () => {
  it('asks for all alike without a skew, and for the first ones most with one', () => {
    const share = (skew: number) => skewedPosts(skew, evenly()).filter((post) => post <= 100).length / 5000;
    expect(share(0)).toBeCloseTo(0.01, 2);
    expect(share(1)).toBeGreaterThan(0.5); // ln 100 ÷ ln 10,000
    expect(Math.min(...skewedPosts(1, () => 0))).toBe(1);
    expect(Math.max(...skewedPosts(0, () => 0.999999))).toBe(10_000);
  });
});

describe('targetLines', () => {
  it('writes with a session as often as it is told, and reads without one', () => {
    const of = { door: 'http://127.0.0.1:1', writes: 0.25, skew: 0, session: 'sid=a' };
    const targets = targetLines(of, evenly())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const writes = targets.filter(({ method }) => method === 'POST');
    expect(writes.length / targets.length).toBeCloseTo(0.25, 2);
    expect(writes[0]).toMatchObject({ url: `${of.door}/posts`, header: { Cookie: ['sid=a'] } });
    expect(JSON.parse(Buffer.from(writes[0].body, 'base64').toString())).toHaveProperty('title');
    expect(targets.find(({ method }) => method === 'GET')).not.toHaveProperty('header');
  });
});
