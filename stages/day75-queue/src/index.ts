export { jobDoer } from './do-job.ts';
export { sweepEffects } from './effect-sweep.ts';
export { boardEnv, queueEnv, relayEnv, workerEnv } from './env.ts';
export { workQueues } from './job-workers.ts';
export { outboxBell } from './outbox-bell.ts';
export { outboxJobs } from './outbox-jobs.ts';
export { relayOutbox } from './outbox-relay.ts';
export { openQueues } from './queues.ts';
