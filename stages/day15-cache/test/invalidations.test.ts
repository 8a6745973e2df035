import { eventually } from '@day90/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Invalidations } from '../src/invalidations.ts';

/** A Redis whose answers a test gives. */
class Answers {
  readonly asked: { tags: string[]; position: string; answer: (done: boolean) => void }[] = [];
  /** Given at once, where there is one. */
  always: boolean | undefined;

  drop = (tags: string[], position: string): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.asked.push({ tags, position, answer: resolve });
    if (this.always !== undefined) resolve(this.always);
    return promise;
  };
}

let invalidations: Invalidations;
afterEach(() => invalidations.close());

function start(forgetAfterMs = 60_000): Answers {
  const redis = new Answers();
  invalidations = new Invalidations(redis.drop, forgetAfterMs);
  return redis;
}

describe('Invalidations', () => {
  it('are open from their first moment until Redis has done them', async () => {
    const redis = start();
    const added = invalidations.add(['a', 'b'], '1');
    expect([invalidations.open(), invalidations.open('a'), invalidations.open('c')]).toEqual([true, true, false]);
    redis.asked[0]?.answer(true);
    await added;
    expect(invalidations.open()).toBe(false);
  });

  it('keep nobody waiting after their first try, and are tried again until they are done', async () => {
    const redis = start();
    redis.always = false;
    await invalidations.add(['a'], '1');
    await invalidations.add(['b'], '1');
    await eventually(
      async () => redis.asked.length,
      (tries) => tries >= 5,
    );
    expect(redis.asked.at(-1)?.tags).toEqual(['a', 'b']);
    expect([invalidations.open('a'), invalidations.open('b')]).toEqual([true, true]);
    redis.always = true;
    await eventually(
      async () => invalidations.open(),
      (open) => !open,
    );
    const { length } = redis.asked;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(redis.asked).toHaveLength(length);
  });

  it('stay open when only an earlier one of the same thing was done', async () => {
    const redis = start();
    const earlier = invalidations.add(['a'], '1');
    await new Promise((resolve) => setTimeout(resolve, 2));
    const later = invalidations.add(['a'], '1');
    redis.asked[0]?.answer(true);
    await earlier;
    expect(invalidations.open('a')).toBe(true);
    redis.asked[1]?.answer(true);
    await later;
    expect(invalidations.open('a')).toBe(false);
  });

  it('keep the latest position of all that are open, and none once that of one is unknown', async () => {
    const redis = start();
    redis.always = false;
    await invalidations.add(['a'], '2');
    await invalidations.add(['b'], '1');
    expect(redis.asked.map(({ position }) => position)).toEqual(['2', '2']);
    await invalidations.add(['c'], '');
    await invalidations.add(['d'], '3');
    expect(redis.asked.slice(-2).map(({ position }) => position)).toEqual(['', '']);
    redis.always = true;
    await eventually(
      async () => invalidations.open(),
      (open) => !open,
    );
    await invalidations.add(['e'], '4');
    expect(redis.asked.at(-1)?.position).toBe('4');
  });

  it('are forgotten once nothing from before them can be left', async () => {
    const redis = start(300);
    redis.always = false;
    await invalidations.add(['a'], '1');
    await eventually(
      async () => invalidations.open(),
      (open) => !open,
    );
  });

  it('are tried a last time at the end, and then no more', async () => {
    const redis = start();
    redis.always = false;
    await invalidations.add(['a'], '1');
    await invalidations.close();
    expect(redis.asked).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(redis.asked).toHaveLength(2);
    expect(invalidations.open()).toBe(false);
  });
});
