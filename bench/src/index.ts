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
export { closedLoop } from './closed-loop.ts';
export * from './result.ts';
export * from './statistics.ts';
