import { fileURLToPath } from 'node:url';
import type { MeasureContext } from '@day90/bench';
import {
  type Data,
  defineTopology,
  type Instance,
  launch,
  mailBox,
  secrets,
  type Topology,
  workspaceRoot,
} from '@day90/infra';
import { databaseUrl, type RolePasswords } from 'stage-3/loading';
import { shards } from '../../src/sharded/boxes.ts';
import { data } from '../../src/sharded/shard-data.ts';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** Shards without an app: whoever measures writes to them itself. */
export interface ShardsAlone {
  instance: Instance;
  /** Shard 1 first. */
  urls: string[];
}

/**
 * Starts one shard that holds everything and three that divide it, works with them, and ends them whatever happens.
 * @param cpu - Budget of each shard, as a share of one core.
 */
export async function withOneAndThree<T>(
  context: MeasureContext,
  cpu: number | undefined,
  work: (one: ShardsAlone, three: ShardsAlone) => Promise<T>,
): Promise<T> {
  const passwords = await rolePasswords();
  const started: ShardsAlone[] = [];
  try {
    for (const count of [1, 3]) {
      const topology = shardsOnly(count, cpu);
      await context.template(topology.data as Data, context.scale);
      const instance = await launch(topology, {
        ...{
          folder: FOLDER,
          scale: context.scale,
          signal: context.signal,
          ports: 'free',
          quiet: true,
          throwAway: true,
        },
        ...{ instance: `bench-${process.pid}-shards-${count}`, onProgress: () => {} },
      });
      started.push({ instance, urls: urlsOf(instance, 'app', passwords) });
    }
    return await work(started[0] as ShardsAlone, started[1] as ShardsAlone);
  } finally {
    await Promise.all(started.map(({ instance }) => instance.stop()));
  }
}

/** Where a role connects to each shard of an instance. */
export function urlsOf(instance: Instance, role: keyof RolePasswords, passwords: RolePasswords): string[] {
  return instance.boxesOf('shard').map((box) => databaseUrl(role, passwords, instance.box(box).port as number));
}

export async function rolePasswords(): Promise<RolePasswords> {
  const known = await secrets(workspaceRoot(FOLDER), ['db-owner', 'db-app']);
  return { owner: known['db-owner'] as string, app: known['db-app'] as string };
}

function shardsOnly(count: number, cpu: number | undefined): Topology {
  const box = shards(14904);
  return defineTopology({
    stage: 'stage-4',
    variant: `shards-${count}`,
    data: count === 1 ? { ...data, engine: 'postgres-18-one-shard', env: { ...data.env, SHARDS: '1' } } : data,
    door: 'mail', // some box has to be
    boxes: {
      mail: mailBox(14901),
      shard: {
        ...box,
        run: [...box.run, '-c', 'autovacuum=off'],
        ...(cpu !== undefined && { cpu }),
        replicas: { count, least: count, most: count },
      },
    },
  });
}
