/** What the proxy in front is to hold to. */
export interface FrontLimits {
  /** Requests at once to each box. */
  inFlight: number;
  /** Reads without a session at once, of all boxes together. */
  publicReads: number;
}

/** What {@link FrontLimits.inFlight} can be. Each step is a reload of the proxy: as few as follow the boxes well enough. */
const STEPS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];
/** A step is left at once only when the boxes are so far beyond it. */
const BEYOND = 1.15;
/** 100 × 0.55 is 55.00000000000001 to a computer. */
const ROUNDING = 1e-9;

/**
 * The limits of the proxy, from those that the boxes have found: one for all, so that one box that is slow for a moment is not
 * taken for all of them. It is the step below what the boxes would take, so that they themselves have nothing to refuse.
 * @param typical - What the boxes that are at work say, see {@link typicalOf}.
 * @param boxes - How many those are.
 * @param now - The proxy's limits; undefined when nothing was set yet.
 * @param lasting - The least `typical` of the last seconds; 0 while too few were seen. The proxy goes up to the step below that,
 *   however near: from two places to three is half as many again, and no limit lies in between.
 */
export function frontLimits(
  { typical, boxes, lasting = 0 }: { typical: number; boxes: number; lasting?: number },
  now: FrontLimits | undefined,
  publicShare: number,
): FrontLimits {
  const isKept = now !== undefined && isNear(now.inFlight, typical);
  const inFlight = isKept ? Math.max(now.inFlight, stepBelow(lasting)) : stepBelow(typical);
  // Up: rounded down, two boxes with two places each would have one for all readers together.
  return { inFlight, publicReads: Math.ceil(inFlight * boxes * publicShare - ROUNDING) };
}

/** The limit of the box in the middle, or of the lower one of two. */
export function typicalOf(limits: readonly number[]): number {
  return limits.toSorted((a, b) => a - b)[(limits.length - 1) >> 1] ?? 1;
}

function isNear(step: number, typical: number): boolean {
  const next = STEPS.find((one) => one > step) ?? Number.POSITIVE_INFINITY;
  return step <= typical * BEYOND && typical < next * BEYOND;
}

function stepBelow(limit: number): number {
  return STEPS.findLast((step) => step <= limit) ?? (STEPS[0] as number);
}
