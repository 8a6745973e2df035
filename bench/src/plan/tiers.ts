/** What kind of machine a box is on, and so how it grows and what it costs. */
export type Tier = 'app' | 'balancer' | 'redis' | 'database' | 'cdn' | 'jobs' | 'objects' | 'monitoring' | 'none';

/** Names of boxes without their numbers. A mail server that stands in for a provider's costs nothing here. */
const TIERS: Record<string, Tier> = {
  app: 'app',
  nginx: 'balancer',
  ...{ cache: 'redis', sessions: 'redis', queue: 'redis' },
  ...{ postgres: 'database', db: 'database' },
  ...{ 'edge-seoul': 'cdn', 'edge-la': 'cdn', 'edge-london': 'cdn' },
  ...{ worker: 'jobs', relay: 'jobs', board: 'jobs' },
  s3: 'objects',
  ...{ prometheus: 'monitoring', alertmanager: 'monitoring', notices: 'monitoring', exporter: 'monitoring' },
  mail: 'none',
};

/** The tier of a box by its name: `app-2`, `edge-la`. One that nobody named works behind the scenes, and is paid for as such. */
export function tierOf(box: string): Tier {
  return TIERS[box.replace(/-\d+$/, '')] ?? 'jobs';
}

/** App machines of the steps that have several: so many that one may die, and no more than the guide's scaling goes to. */
export const APP_MACHINES = { least: 3, most: 20 };

/** What lies beyond this design, for a tier that can't be made large enough. */
export const BEYOND: Partial<Record<Tier, string>> = {
  app: 'more than 20 app machines: several groups of them, each behind a balancer of its own',
  redis: 'more than one core of Redis: a cluster, its keys divided over several nodes',
  database:
    'more writes, or more rows, than one primary takes: shards (stage-4, start:sharded), and with them the end of joins across members',
};
