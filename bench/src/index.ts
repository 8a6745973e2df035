export { readServerTiming, type ServerTiming } from '../k6/server-timing.ts';
export { attackCeiling, type Pace, readyAttack, type Shot } from './attack.ts';
export type { Hit } from './attack-hits.ts';
export {
  type ArmBlock,
  type BoxUsage,
  capacityDuet,
  type DuetArm,
  type DuetBlock,
  type DuetBox,
  type DuetOptions,
  type DuetRequest,
  type DuetRun,
  duetPlan,
} from './capacity-duet.ts';
export {
  type ArmSource,
  type Claim,
  comparisonOf,
  exactComparison,
  type K6Claim,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  type Quantity,
  resultBlocks,
} from './claim.ts';
export { type Asked, closedLoop } from './closed-loop.ts';
export { demandsClaim } from './demands/demands-claim.ts';
export { publicPaths } from './demands/visitors.ts';
export { blockProblems } from './duet/block-problems.ts';
export { duetBoxes } from './duet/duet-boxes.ts';
export { watchHost } from './duet/host-time.ts';
export { compareCapacity, type DuetJudgement, duetBlocks, duetMeasurement, duetProblems } from './duet-measurement.ts';
export { HeldVisitors } from './held/held-visitors.ts';
export { climbLadder, measureLadder } from './ladder.ts';
export type { Climbed, Costs } from './ladder-measurement.ts';
export { AGAIN, type Ladder, type Rung } from './ladder-rungs.ts';
export { ladderTopology } from './ladder-topology.ts';
export { measuredValue } from './measured-value.ts';
export { type PacedRun, pacedCeiling, pacedLoad, requestOf } from './paced/paced-load.ts';
export {
  Answers,
  CLOSED,
  FROM_DATABASE,
  FROM_EDGE,
  LATE,
  type PacedPace,
  REFUSED,
  SENT_AGAIN,
  type Target,
  UNSENT,
} from './paced/paced-plan.ts';
export { carriedBy, timesOne } from './plan/laws.ts';
export { knownScalability } from './plan/stage-demands.ts';
export * from './result.ts';
export * from './statistics.ts';
export { fitUsl, type Usl } from './usl.ts';
export { type WantedInstance, withInstances } from './with-instances.ts';
