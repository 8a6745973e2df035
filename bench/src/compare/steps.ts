import { guideClaims } from '../claims/guide-claims.ts';

/** What is known of a step without measuring it. */
export interface Step {
  stage: string;
  /** `day 15` */
  day: string;
  adds: string;
  /** What the guide says the step gives. */
  guide: string;
  /** Ways to fail that the stage before did not have. */
  failures: string[];
}

/** The seven steps, in order. */
const steps: readonly Step[] = [
  {
    ...{ stage: 'stage-1', day: 'day 1', adds: 'JOIN, indexes, one open database' },
    guide: figureOf('C1'),
    failures: ['an index for each write to keep', 'the file and its only server'],
  },
  {
    ...{ stage: 'stage-2', day: 'day 15', adds: 'a cache in Redis' },
    guide: figureOf('C6'),
    failures: ['stale answers', 'a stampede when an entry ends', 'a cold cache after a restart', 'Redis slow or away'],
  },
  {
    ...{ stage: 'stage-3', day: 'day 30', adds: 'Postgres, nginx over three boxes, sessions in Redis' },
    guide: figureOf('C9'),
    failures: [
      'nginx, one for all',
      'a network between app and database',
      'connections that run out',
      'sessions away with their Redis',
      'boxes of two versions during a roll',
    ],
  },
  {
    ...{ stage: 'stage-4', day: 'day 45', adds: 'two replicas' },
    guide: figureOf('C14'),
    failures: [
      'reads behind one’s own write',
      'a replica that falls behind',
      'a failover, and writes it loses',
      'two primaries',
    ],
  },
  {
    ...{ stage: 'stage-5', day: 'day 60', adds: 'edges in three cities, pictures in a bucket' },
    guide: figureOf('C18'),
    failures: [
      'one visitor’s page kept for all',
      'purges that do not arrive',
      'an edge that outlives its origin',
      'links to pictures that are gone',
    ],
  },
  {
    ...{ stage: 'stage-6', day: 'day 75', adds: 'an outbox, a queue, workers' },
    guide: figureOf('C21'),
    failures: [
      'jobs done twice',
      'jobs that are given up',
      'a queue that grows',
      'mails later than their reader expects',
    ],
  },
  {
    ...{ stage: 'stage-7', day: 'day 90', adds: 'metrics, alerts, load shedding' },
    guide: figureOf('C22'),
    failures: ['alerts that nobody believes', 'visitors refused by mistake', 'a watcher that is down itself'],
  },
];

/** The figure of a row of the ledger. */
function figureOf(id: string): string {
  return guideClaims.find((row) => row.id === id)?.figure ?? '';
}

/** The step of a stage; nothing for a stage that is none of the seven. */
export function stepOf(stage: string): Step | undefined {
  return steps.find((step) => step.stage === stage);
}
