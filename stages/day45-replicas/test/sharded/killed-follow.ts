import { createLogger, runInBackground } from '@day90/core';
import pg from 'pg';
import { FollowSaga, ShardSet } from 'stage-4/sharded';

// A process that follows somebody, and is killed before its nth query. It exits 0 when it comes to the end.
const { SHARD_URLS = '', FOLLOWER = '', FOLLOWEE = '', KILL_BEFORE = '' } = process.env;
const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'killed' });
const set = new ShardSet(SHARD_URLS.split(','), { logger, pool: 2 });
await set.map();

let queries = 0;
const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
pg.Client.prototype.query = function counted(this: pg.Client, ...args: unknown[]) {
  queries += 1;
  if (queries === Number(KILL_BEFORE)) process.kill(process.pid, 'SIGKILL');
  return query.apply(this, args);
} as typeof pg.Client.prototype.query;

await runInBackground(set.transactor, () => new FollowSaga(set, logger).follow(FOLLOWER, FOLLOWEE));
process.exit(0);
