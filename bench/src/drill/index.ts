export type { Check, Drill, Mutation, Rig } from './drill.ts';
export { atMost, baselineP99, during, JUDGED, noneFailed, p99 } from './judging.ts';
export { type Kind, PUBLIC_READS, WRITES } from './kinds.ts';
export type { Phase, Sent } from './records.ts';
