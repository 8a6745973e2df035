/** What was seen of a box within one look. */
export interface Look {
  /** How long each request that ended was under way, from the proxy on, in milliseconds, in any order. */
  tookMs: readonly number[];
  /** Of that, how long each waited until the box had read it; none where no proxy says so. */
  waitedMs?: readonly number[];
  /** Most requests under way at once. */
  peak: number;
  /** How long the look was, in milliseconds. */
  lastedMs: number;
}

/** What a limit is held to. */
export interface LimitGoal {
  /** How long the median request may take while the box is at its limit, in milliseconds. */
  targetMs: number;
  /** Bounds of the limit: requests at once. */
  least: number;
  most: number;
}

/** A median so near the target is at it: a box in its quota stands still for 16 ms of every 20, and no two looks agree. */
const NEAR = 1.3;
/** Answers of one look whose median says something of a box that is not half full: three log-ins in a quiet second are slow, too. */
const ENOUGH = 16;
/** Least that is left after one look: one second of a hiccup must not end a box's work. */
const MOST_LESS = 1 / 2;
/** Most of one look: what is too much is a crowd let in for a second, who then wait for each other. */
const MOST_MORE = 1.5;
/** Share of its time that the median request at least waits for a box that has too much to do. */
const LEAST_WAIT = 1 / 8;
/** What a box keeps, or comes back to, that is waiting itself, or of which nobody says. */
const LEAST_WAITING = 3;

/**
 * How many requests a box should have under way, by Little's law: as many as it ends a second × the time one may take. A box that
 * is full ends `limit ÷ time` a second, so that is `limit × target ÷ time`, the gradient of Netflix' limits with a target
 * in the place of the least time ever seen, which a quota makes meaningless.
 *
 * The median stands for the time: an upload that is drawn for two seconds says nothing of how long others wait. A box that is not
 * half full says nothing of what it could do at most, and its limit does not grow, as BBR leaves its estimate alone while the
 * application sends too little. Where it is too slow even so, its limit can't be right: it comes down to what was under way.
 *
 * The last places are taken only from a box that lets requests wait before it reads them, which is what CoDel goes by. One that does
 * not is waiting itself, such as for a database: if that is full, fewer at once help it, but if it is far away nothing gets
 * faster, and with one request under way the box has next to nothing to do.
 * @see https://doi.org/10.1287/opre.9.3.383 Little 1961
 * @see https://github.com/Netflix/concurrency-limits `Gradient2Limit`
 * @see https://doi.org/10.1145/3012426.3022184 Cardwell et al. 2016, BBR, "application-limited"
 * @see https://doi.org/10.1145/2209249.2209264 Nichols and Jacobson 2012, CoDel
 */
export function nextLimit(limit: number, look: Look, { targetMs, least, most }: LimitGoal): number {
  const { tookMs, peak, lastedMs } = look;
  const underWay = Math.max(peak, sum(tookMs) / lastedMs);
  const isHalfFull = underWay >= limit / 2;
  // Full, and nothing came out.
  const gradient = tookMs.length === 0 ? 0 : targetMs / median(tookMs);
  if (gradient > 1 / NEAR && gradient < NEAR) return limit;
  if (!isHalfFull && (gradient > 1 || tookMs.length < ENOUGH)) return limit;
  const changed = limit * Math.min(MOST_MORE, Math.max(MOST_LESS, gradient));
  const floor = keepsWaiting(look) ? least : Math.max(least, Math.min(LEAST_WAITING, limit * MOST_MORE));
  return Math.round(Math.min(most, Math.max(floor, isHalfFull ? 0 : underWay, changed)));
}

/** Whether it is the box that requests wait for, as far as anybody says. */
function keepsWaiting({ tookMs, waitedMs = [] }: Look): boolean {
  return tookMs.length === 0 || (waitedMs.length > 0 && median(waitedMs) >= median(tookMs) * LEAST_WAIT);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.max(sorted[sorted.length >> 1] ?? 0, Number.EPSILON);
}
