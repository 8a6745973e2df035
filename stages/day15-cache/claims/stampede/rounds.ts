import { setTimeout as sleep } from 'node:timers/promises';
import { type MeasureContext, seededRandom } from '@day90/bench';
import { type Instance, launch, type Topology } from '@day90/infra';
import { redisClient } from '../../src/redis-link.ts';
import { Burst, type BurstAnswer } from './burst.ts';

export const READERS = 1_000;
/** Until what the burst before left behind is done with. */
const REST_MS = 50;
const WARMUP_BURSTS = 5;

/** One round: all readers at once while the entry is there, and once it was deleted. */
export interface Round {
  there: BurstAnswer[];
  gone: BurstAnswer[];
}

/** Two app processes, the readers' connections to them, and a way to expire the key. */
export interface StampedeRig {
  /** @param key - As the app names the popular page. */
  round(key: string): Promise<Round>;
  instance: Instance;
  close(): Promise<void>;
}

/** Starts two apps on one cache. */
export async function startTwoApps(
  topology: Topology,
  { scale, signal, seed }: Pick<MeasureContext, 'scale' | 'signal' | 'seed'>,
  { name, folder, env = {} }: { name: string; folder: string; env?: Record<string, string> },
): Promise<StampedeRig> {
  const instance = await launch(topology, {
    ...{ folder, scale, signal, ports: 'free', quiet: true, throwAway: true, onProgress: () => {} },
    instance: `bench-${process.pid}-${name}`,
    env: { app: env, other: env },
  });
  try {
    const redis = redisClient(instance.hello[0] as string, 'claim');
    redis.on('error', () => undefined); // the next command says so
    await redis.connect();
    const ports = ['app', 'other'].map((box) => instance.box(box).port as number);
    const burst = await Burst.open(ports, READERS);
    for (let i = 0; i < WARMUP_BURSTS; i += 1) await burst.send('/posts/popular');
    const random = seededRandom(seed);
    const expired = async (key: string) => {
      await redis.del(key);
      return burst.send('/posts/popular');
    };
    return {
      instance,
      async round(key) {
        const goneFirst = random() < 0.5;
        const early = goneFirst ? await expired(key) : undefined;
        await sleep(REST_MS, undefined, { signal });
        const there = await burst.send('/posts/popular');
        await sleep(REST_MS, undefined, { signal });
        return { there, gone: early ?? (await expired(key)) };
      },
      async close() {
        burst.close();
        redis.destroy();
        await instance.stop();
      },
    };
  } catch (error) {
    await instance.stop();
    throw error;
  }
}
