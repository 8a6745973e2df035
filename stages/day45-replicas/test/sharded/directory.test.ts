import { eventually } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Shards, shardedRig, shardsOfThisFile } from './shards-rig.ts';

const starting = shardsOfThisFile();
let shards: Shards;
let rig: ReturnType<typeof shardedRig>;

beforeAll(async () => {
  shards = await starting();
  rig = shardedRig(shards.urls('app'));
}, 180_000);
afterAll(() => rig?.close());

describe('the directory', () => {
  it('is read once, and is no longer needed by who has read it', async () => {
    const { version } = await rig.set.map();
    await shards.stop(1);
    expect((await rig.set.map()).version).toBe(version);
    const ready = () =>
      rig.set.ready().then(
        () => true,
        () => false,
      );
    await eventually(ready, (is) => is); // the other two answer
    await shards.start(1);
  });

  it('of a newer format ends a process in one line: it would misread where things are', async () => {
    await shards.query(1, 'UPDATE bucket_map SET format = 2');
    const late = shardedRig(shards.urls('app'));
    expect(await late.set.broken).toBe(
      'SHARD_URLS: the bucket map is of format 2, and this version of the app knows 1: start the newer one',
    );
    await expect(late.set.map()).rejects.toMatchObject({ code: 'overloaded' });
    await late.close();
    await shards.query(1, 'UPDATE bucket_map SET format = 1');
  });
});
