import { parentPort, workerData } from 'node:worker_threads';
import { BUCKETS } from '../../../src/sharded/buckets.ts';
import { shardedIds } from '../../../src/sharded/ids.ts';

const { worker, count } = workerData as { worker: number; count: number };
const ids = shardedIds(worker);
const made = new BigUint64Array(count);
for (let i = 0; i < count; i += 1) made[i] = BigInt(ids.next(i % BUCKETS));
parentPort?.postMessage(made, [made.buffer]);
