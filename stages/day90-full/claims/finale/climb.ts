import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './load.ts';

/** Of the rate that is asked for, one after the other, for so long each. */
const SHARES = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const RUNG_SECONDS = 10;
/** Where not even the first is held. */
const LEAST = 0.05;
/** What was too much has left queues behind it, and circuits that are open. */
const REST_MS = 5000;
const RAMP = { share: 0.5, seconds: 10 };
/** What held for ten seconds may not for a minute: less is tried then, so many times. */
const MOST_TRIES = 3;

function shareOf(rate: number, share: number): number {
  return Math.max(1, Math.round(rate * share));
}

interface Climb {
  /** Requests a second. */
  most: number;
  send(rate: number, seconds: number): Promise<Load>;
  signal: AbortSignal;
  restMs?: number;
}

/**
 * Asks for more and more, from little on: after too much a cache is old and all its answers are made anew, so that what would
 * have held does no longer.
 * @param seconds - For no longer than this each.
 * @returns What each rate came to; the last one was the whole, or did not hold, twice.
 */
export async function climb({ most, send, signal, restMs = REST_MS }: Climb, seconds: number): Promise<Load[]> {
  const rungs: Load[] = [];
  const length = Math.min(RUNG_SECONDS, seconds);
  for (const share of SHARES) {
    const rate = shareOf(most, share);
    let rung = await send(rate, length);
    if (!rung.held) {
      await sleep(restMs, undefined, { signal });
      rung = await send(rate, length);
    }
    rungs.push(rung);
    if (!rung.held) break;
  }
  return rungs;
}

/** The rates that were held on the way up, the highest first; the last is one that is so little that it was not asked for. */
export function heldRates(rungs: readonly Load[], most: number): [number, ...number[]] {
  const rates = rungs.filter(({ held }) => held).map(({ rate }) => rate);
  return [shareOf(most, LEAST), ...rates].reverse() as [number, ...number[]];
}

/**
 * Asks for the highest rate that was held, for all of the time; for less where that does not hold.
 * @returns What each came to; the last one was held, or none was.
 */
export async function holdLong(
  { most, send, signal, restMs = REST_MS }: Climb,
  rungs: readonly Load[],
  seconds: number,
): Promise<[Load, ...Load[]]> {
  const tries: Load[] = [];
  for (const rate of heldRates(rungs, most).slice(0, MOST_TRIES)) {
    await sleep(restMs, undefined, { signal });
    await send(shareOf(rate, RAMP.share), Math.min(RAMP.seconds, seconds));
    const load = await send(rate, seconds);
    tries.push(load);
    if (load.held) break;
  }
  return tries as [Load, ...Load[]];
}
