import type { SeededIds } from '@day90/bench/drill';
import type { Scale } from '@day90/infra';
import { firstMap } from '../../src/sharded/bucket-map.ts';
import { bucketOf } from '../../src/sharded/buckets.ts';
import { seededMembers, seededPosts } from '../../src/sharded/seeded-data.ts';
import { FIRST_SHARDS } from '../../src/sharded/shard-data.ts';

/** The seeded things as the shards name them. */
export function shardedSeeds(scale: Scale): SeededIds {
  const members = seededMembers(scale);
  const posts = seededPosts(scale, members);
  return { member: (number) => members[number] as string, post: (number) => posts[number] as string };
}

/** The shard on which something is before any bucket has moved. */
export function firstShardOf(id: string): number {
  return firstMap(FIRST_SHARDS).shardOf[bucketOf(id)] as number;
}
