import type { Logger, Resource } from '@day90/core';
import { limitReports } from './limit-reports.ts';
import { nextLimit } from './next-limit.ts';

/** How many requests a box lets in at once. */
export interface InFlightLimit extends Resource {
  /** Requests at once, as of now. */
  readonly limit: number;
  /** Those under way. */
  readonly inFlight: number;
  /** Those under way in the last second on the mean, from the proxy on, as a share of what the limit was then. */
  readonly share: number;
  /**
   * Counts a request in.
   * @param waitedMs - How long it was on its way from the proxy, in milliseconds; undefined where no proxy says so.
   * @returns What counts it out again.
   */
  enter(waitedMs: number | undefined): () => void;
}

export interface InFlightLimitConfig {
  BOX: string;
  TARGET_MS: number;
  LIMITER?: string | undefined;
}

const LOOK_MS = 1000;
/** Until something is known. */
const FIRST = 32;
/** What the smallest box can do, and more than any box here was seen to need. */
const [LEAST, MOST] = [1, 256];

/** A limit that follows what the box gets done, by a look each second, see {@link nextLimit}; after each it is reported. */
export function inFlightLimit({ BOX, TARGET_MS, LIMITER }: InFlightLimitConfig, logger: Logger): InFlightLimit {
  const goal = { targetMs: TARGET_MS, least: LEAST, most: MOST };
  const reports = limitReports(LIMITER, BOX);
  let limit = FIRST;
  let inFlight = 0;
  let peak = 0;
  let tookMs: number[] = [];
  let waits: number[] = [];
  let share = 0;
  /** Requests under way × milliseconds since the last look, counted until `countedAt`. */
  let [area, countedAt] = [0, performance.now()];
  let lookedAt = performance.now();

  /** @returns When it was. */
  const change = (by: number): number => {
    const now = performance.now();
    area += inFlight * (now - countedAt);
    countedAt = now;
    inFlight += by;
    return now;
  };
  const look = () => {
    const now = change(0);
    const lastedMs = now - lookedAt;
    share = (area + waits.reduce((sum, waited) => sum + waited, 0)) / lastedMs / limit;
    area = 0;
    const next = nextLimit(limit, { tookMs, waitedMs: waits, peak, lastedMs }, goal);
    if (next !== limit) logger.info({ limit: next, was: limit, peak, answered: tookMs.length }, 'another limit');
    limit = next;
    reports.send({ limit, peak });
    tookMs = [];
    waits = [];
    peak = inFlight;
    lookedAt = now;
  };
  const timer = setInterval(look, LOOK_MS).unref();

  return {
    get limit() {
      return limit;
    },
    get inFlight() {
      return inFlight;
    },
    get share() {
      return share;
    },
    enter(waitedMs) {
      const enteredAt = change(1);
      peak = Math.max(peak, inFlight);
      return () => {
        tookMs.push((waitedMs ?? 0) + change(-1) - enteredAt);
        if (waitedMs !== undefined) waits.push(waitedMs);
      };
    },
    close: () => {
      clearInterval(timer);
      return reports.close();
    },
  };
}
