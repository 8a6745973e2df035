import { BadInput } from '@day90/infra';

/** What stands behind the app. */
export type Database = 'sqlite' | 'postgres' | 'cluster' | 'shards';
/** A process of its own, whose root has this name. */
export type Process = 'main' | 'worker' | 'relay' | 'board';

/** Something that can be forked. */
export interface Plan {
  /** What it is called on the command line. */
  name: string;
  /** Its stage's folder in `stages/`. */
  stage: string;
  /** Folder of its roots. */
  roots: string;
  /** What its README says it is, in one sentence. */
  about: string;
  database: Database;
  processes: Process[];
  has: { cache: boolean; sessions: boolean; pictures: boolean; queue: boolean; metrics: boolean };
}

const NOTHING = { cache: false, sessions: false, pictures: false, queue: false, metrics: false };
const ONE_PROCESS: Process[] = ['main'];
const WITH_JOBS: Process[] = ['main', 'relay', 'worker', 'board'];

/** All there are, in order. */
export const PLANS: Plan[] = [
  {
    ...plan('stage-1', 'day1-sqlite', 'An HTTP API for posts and members on one process and one SQLite file.'),
    ...{ database: 'sqlite', processes: ONE_PROCESS, has: NOTHING },
  },
  {
    ...plan(
      'stage-2',
      'day15-cache',
      'An HTTP API for posts and members on SQLite, with a Redis cache in front of it.',
    ),
    ...{ database: 'sqlite', processes: ONE_PROCESS, has: { ...NOTHING, cache: true } },
  },
  {
    ...plan(
      'stage-3',
      'day30-scaleout',
      'An HTTP API for posts and members that runs as any number of equal processes, on Postgres, with its cache and its sessions in Redis.',
    ),
    ...{ database: 'postgres', processes: ONE_PROCESS, has: { ...NOTHING, cache: true, sessions: true } },
  },
  {
    ...plan(
      'stage-4',
      'day45-replicas',
      'An HTTP API for posts and members on a Postgres primary with replicas, where everybody is shown their own writes.',
    ),
    ...{ database: 'cluster', processes: ONE_PROCESS, has: { ...NOTHING, cache: true, sessions: true } },
  },
  {
    ...plan(
      'stage-4-sharded',
      'day45-replicas',
      'An HTTP API for posts and members whose data is spread over several Postgres databases.',
      'src/sharded',
    ),
    ...{ database: 'shards', processes: ONE_PROCESS, has: { ...NOTHING, cache: true, sessions: true } },
  },
  {
    ...plan(
      'stage-5',
      'day60-cdn',
      'An HTTP API for posts, members and pictures on a Postgres primary with replicas, whose public answers a CDN may keep and is told to forget.',
    ),
    ...{
      database: 'cluster',
      processes: ONE_PROCESS,
      has: { ...NOTHING, cache: true, sessions: true, pictures: true },
    },
  },
  {
    ...plan(
      'stage-6',
      'day75-queue',
      'An HTTP API for posts, members and pictures, with an outbox, a queue and workers for all that a visitor need not wait for.',
    ),
    ...{
      database: 'cluster',
      processes: WITH_JOBS,
      has: { cache: true, sessions: true, pictures: true, queue: true, metrics: false },
    },
  },
  {
    ...plan(
      'stage-7',
      'day90-full',
      'An HTTP API for posts, members and pictures, with queued jobs and metrics, that refuses what it could not answer in time.',
    ),
    ...{
      database: 'cluster',
      processes: WITH_JOBS,
      has: { cache: true, sessions: true, pictures: true, queue: true, metrics: true },
    },
  },
];

function plan(name: string, stage: string, about: string, roots = 'src') {
  return { name, stage, about, roots: `stages/${stage}/${roots}` };
}

/** @throws {BadInput} Naming those there are. */
export function planOf(name: string): Plan {
  const found = PLANS.find((one) => one.name === name);
  if (!found) throw new BadInput(`no stage ${name} to fork; there are ${PLANS.map((one) => one.name).join(', ')}`);
  return found;
}
