import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Step } from '../../src/sharded/reshard/move-bucket.ts';
import { type ReshardOptions, reshard } from '../../src/sharded/reshard/reshard.ts';
import { hiddenRows, MOST_PAUSE_MS, owners, shownRows } from './row-books.ts';
import { type Shards, shardsOfThisFile } from './shards-rig.ts';

const STEPS: Step[] = ['marked', 'copied', 'caught-up', 'compared', 'verified', 'let-go', 'taken', 'noted', 'dropped'];
const starting = shardsOfThisFile();
let shards: Shards;

beforeAll(async () => {
  shards = await starting();
  await shards.grow();
}, 180_000);

const to = (count: number, more: Partial<ReshardOptions> = {}) =>
  reshard({
    shards: count,
    urlOf: async (shard) => shards.urls('owner')[shard - 1] as string,
    grow: async () => {},
    say: () => {},
    ...more,
  });

/** Dies at the nth time that it comes to a step. */
function dyingAt(step: Step, time: number): Partial<ReshardOptions> {
  let times = 0;
  return {
    onStep: async (now) => {
      if (now === step && ++times === time) throw new Error(`died after ${step}`);
    },
  };
}

describe('resharding', () => {
  it('is refused when it can’t be had, in one line, and changes nothing', async () => {
    const before = await shards.query(1, 'SELECT * FROM bucket_map');
    await expect(to(2)).rejects.toThrow('2 shards: there are 3, and none is ever emptied; 4 to 6 are possible');
    await expect(to(7)).rejects.toThrow('7 shards: 4 to 6 are possible');
    expect(await shards.query(1, 'SELECT * FROM bucket_map')).toEqual(before);
    expect(await to(3)).toMatchObject({ buckets: 0 });
  });

  it('is refused by a map that is newer than the code, which would misread it', async () => {
    await shards.query(1, 'UPDATE bucket_map SET format = 2');
    await expect(to(4)).rejects.toThrow('the bucket map is of format 2, and this version of the app knows 1');
    await shards.query(1, 'UPDATE bucket_map SET format = 1');
  });

  it('goes on where it was after it died behind any step, and none of the rows is lost, doubled or changed', async () => {
    const before = await shownRows(shards, 3);
    let rows = 0;
    for (const step of STEPS) {
      await expect(to(4, dyingAt(step, 2))).rejects.toThrow(`died after ${step}`);
      const counts = (await owners(shards, 4)).map((own) => own.length);
      expect(Math.max(...counts)).toBe(1);
      // Between letting go and taking nobody has it, and nowhere else.
      expect(counts.filter((count) => count === 0)).toHaveLength(step === 'let-go' ? 1 : 0);
    }
    await expect(to(5)).rejects.toThrow(
      /^a resharding to 4 shards is half done, \d+ of 256 buckets: finish it by --shards 4$/,
    );
    const result = await to(4);
    rows += result.rows;
    const after = await shownRows(shards, 4);
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    expect([...after.values()].filter((at) => at.length !== 1)).toEqual([]);
    expect(await hiddenRows(shards, 4)).toBe(0);
    expect((await owners(shards, 4)).filter((own) => own[0] === 4)).toHaveLength(256);
    expect(rows / result.allRows).toBeLessThanOrEqual(0.3);
    expect(result.modulo.moved / result.modulo.of).toBeGreaterThan(0.7);
    expect(result.longestPauseMs).toBeLessThan(MOST_PAUSE_MS);
  }, 120_000);

  it('lets no second one begin while it runs', async () => {
    await shards.grow();
    const second = Promise.withResolvers<unknown>();
    const onStep = async (step: Step) => {
      if (step === 'copied') await to(5).then(second.resolve, second.reject);
    };
    const first = to(5, { onStep, signal: AbortSignal.timeout(3000) }).catch(() => {});
    await expect(second.promise).rejects.toThrow(/^a resharding is under way since \S+Z: one at a time$/);
    await first;
  });

  it('moves nothing when the copy differs from the original', async () => {
    const spoil = async (step: Step, { bucket }: { bucket: number }) => {
      if (step !== 'copied') return;
      await shards.query(5, `UPDATE users SET name = 'spoilt' WHERE (id & 1023) = $1`, [bucket]);
    };
    await expect(to(5, { onStep: spoil })).rejects.toThrow(/^bucket \d+: users differs, 1 rows and 1 in the copy/);
    expect((await owners(shards, 5)).every((own) => own.length === 1)).toBe(true);
    await to(5);
    expect(await hiddenRows(shards, 5)).toBe(0);
  }, 180_000);
});
