export { readServerTiming } from '../../k6/server-timing.ts';
export { impatient, inAnyOrder } from './any-order.ts';
export type { Check, Drill, Mutation, Rig, SeededIds } from './drill.ts';
export { HttpClient } from './http-client.ts';
export { atMost, baselineP99, cacheOf, during, hitRatio, JUDGED, noneFailed, p99 } from './judging.ts';
export { type Kind, PUBLIC_READS, WRITES } from './kinds.ts';
export type { Audit, Write } from './ledger.ts';
export { lookAgain } from './look-again.ts';
export { latencies, type Phase, type Sent } from './records.ts';
