import type { Logger, Resource } from '@day90/core';
import type { LimitReport } from '../limit-reports.ts';
import { type FrontLimits, frontLimits, typicalOf } from './front-limits.ts';

interface Options {
  PUBLIC_READ_SHARE: number;
  logger: Logger;
  /** Gives the proxy other limits. Rejects when it can't be told, and is asked again then. */
  set: (limits: FrontLimits) => Promise<void>;
}

const LOOK_MS = 250;
/** From one reload, or a try, to the next: what the boxes say a moment later is of before it. */
const LEAST_BETWEEN_MS = 1000;
/** Until each box has reported once. */
const FIRST_LOOK_MS = 1000;
/** A box that has said nothing for so long is not at work. */
const SILENT_MS = 3500;
/** So long the boxes have to stay at a limit that is a little higher, or the proxy would be reloaded for each swing. */
const LASTING_MS = 3000;

/** Has the proxy in front follow what its boxes say of themselves. */
export function steerProxy({
  PUBLIC_READ_SHARE,
  logger,
  set,
}: Options): Resource & { hear(report: LimitReport): void } {
  const heard = new Map<string, { limit: number; at: number }>();
  /** What the boxes said, look by look, as long ago as matters. */
  let said: { at: number; typical: number }[] = [];
  let now: FrontLimits | undefined;
  let setAt = Number.NEGATIVE_INFINITY;
  let ending = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    const at = performance.now();
    for (const [box, one] of heard) if (one.at < at - SILENT_MS) heard.delete(box);
    // Nobody says anything: that is no reason to let more in, nor less.
    if (heard.size === 0) {
      said = [];
      return;
    }
    const typical = typicalOf([...heard.values()].map(({ limit }) => limit));
    // From the last one before that time on: it held until the next one.
    const from = said.findLastIndex((one) => one.at <= at - LASTING_MS);
    said = [...said.slice(Math.max(from, 0)), { at, typical }];
    const lasting = from < 0 ? 0 : Math.min(...said.map((one) => one.typical));
    if (at - setAt < LEAST_BETWEEN_MS) return;
    const wanted = frontLimits({ typical, boxes: heard.size, lasting }, now, PUBLIC_READ_SHARE);
    if (wanted.inFlight === now?.inFlight && wanted.publicReads === now.publicReads) return;
    setAt = at;
    await set(wanted);
    logger.info({ ...wanted, boxes: heard.size }, 'other limits for the proxy');
    now = wanted;
  };
  const goOn = async () => {
    await look().catch((error: unknown) =>
      logger.warn({ why: (error as Error).message }, 'the proxy could not be told'),
    );
    if (!ending) timer = setTimeout(goOn, LOOK_MS);
  };
  timer = setTimeout(goOn, FIRST_LOOK_MS);

  return {
    hear: ({ box, limit }) => void heard.set(box, { limit, at: performance.now() }),
    close: async () => {
      ending = true;
      clearTimeout(timer);
    },
  };
}
