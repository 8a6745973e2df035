/** What the proxy in front is to hold to. */
export interface FrontLimits {
  /** Requests at once to each box. */
  inFlight: number;
  /** Reads without a session at once, of all boxes together. */
  publicReads: number;
}

/** What {@link inFlight} can be. Each step is a reload of the proxy: as few as follow the boxes well enough. */
const STEPS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];
/** A step is left for the next one only when the boxes are so far beyond it. */
const BEYOND = 1.15;

/**
 * The limits of the proxy, from those that the boxes have found: one for all, so that one box that is slow for a moment is not
 * taken for all of them. It is the step below what the boxes would take, so that they themselves have nothing to refuse.
 * @param limits - What each box that is at work says.
 * @param now - The proxy's limits; undefined when nothing was set yet.
 */
export function frontLimits(limits: readonly number[], now: FrontLimits | undefined, publicShare: number): FrontLimits {
  const sorted = limits.toSorted((a, b) => a - b);
  const typical = sorted[(sorted.length - 1) >> 1] ?? STEPS[0] ?? 1;
  const inFlight = keeps(now?.inFlight, typical) ?? stepBelow(typical);
  return { inFlight, publicReads: Math.max(1, Math.round(inFlight * limits.length * publicShare)) };
}

/** The step there is, if it is near enough. */
function keeps(step: number | undefined, typical: number): number | undefined {
  if (step === undefined) return undefined;
  const next = STEPS.find((one) => one > step) ?? Number.POSITIVE_INFINITY;
  return step <= typical * BEYOND && typical < next * BEYOND ? step : undefined;
}

function stepBelow(limit: number): number {
  return STEPS.findLast((step) => step <= limit) ?? (STEPS[0] as number);
}
