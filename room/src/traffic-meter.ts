import type { LogEntry } from '@day90/infra';
import type { Traffic } from './snapshot.ts';

/** Figures are of so long: nginx writes its lines up to a second late, and one second's would jump. */
const WINDOW_MS = 5000;
const FAILED = 500;
/** What edges note of a request that they answered themselves, and apps of one for which the cache had what they needed. */
const HITS = ['hit', 'stale'];

/** One request as a box saw it. */
interface Seen {
  at: number;
  ms: number;
  isFailed: boolean;
  /** Undefined where nothing is said of a cache. */
  isHit: boolean | undefined;
}

/** Counts requests by box, from lines of access logs: of the box that wrote the line, and of those that nginx asked for it. */
export class TrafficMeter {
  readonly #seen = new Map<string, Seen[]>();

  /**
   * Takes lines that were written since the last time.
   * @param boxAt - Name of the box with this address.
   */
  add(entries: Iterable<LogEntry>, boxAt: (address: string) => string, now: number): void {
    for (const entry of entries) {
      const { url, status } = entry.fields;
      if (url === undefined || typeof status !== 'number') continue;
      this.#count(entry.box, {
        ...{ at: now, ms: entry.ms ?? 0, isFailed: isFailed(status) },
        isHit: isHit(entry.fields.cache),
      });
      for (const { address, ...one } of askedOf(entry)) this.#count(boxAt(address), { at: now, ...one });
    }
    for (const [box, seen] of this.#seen)
      this.#seen.set(
        box,
        seen.filter(({ at }) => at > now - WINDOW_MS),
      );
  }

  /** What a box was asked; undefined where it never was. */
  of(box: string): Traffic | undefined {
    const seen = this.#seen.get(box);
    return seen && traffic(seen);
  }

  /** What several were asked together. */
  together(boxes: string[]): Traffic {
    return traffic(boxes.flatMap((box) => this.#seen.get(box) ?? []));
  }

  #count(box: string, seen: Seen): void {
    const list = this.#seen.get(box) ?? [];
    list.push(seen);
    this.#seen.set(box, list);
  }
}

/** 0 is what logs say of a request without an answer, unless it is the client that left (499). */
function isFailed(status: number): boolean {
  return status >= FAILED || status === 0;
}

function isHit(cache: unknown): boolean | undefined {
  return typeof cache === 'string' ? HITS.some((hit) => cache.startsWith(hit)) : undefined;
}

/** The boxes that nginx asked for a request, one after the other. What the last one said of its cache is in the line, too. */
function askedOf({ fields }: LogEntry): (Omit<Seen, 'at'> & { address: string })[] {
  const [addresses = [], statuses = [], seconds = []] = [
    fields.upstream,
    fields.upstreamStatus,
    fields.upstreamSeconds,
  ].map((value) => (typeof value === 'string' && value !== '' ? value.split(', ') : []));
  const cache = /\bcache;desc=(\w+)/.exec(String(fields.serverTiming))?.[1];
  return addresses.map((address, i) => ({
    address,
    isHit: i === addresses.length - 1 ? isHit(cache) : undefined,
    ms: Number(seconds[i]) * 1000 || 0,
    isFailed: isFailed(Number(statuses[i]) || 0),
  }));
}

function traffic(seen: Seen[]): Traffic {
  const times = seen.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const told = seen.filter(({ isHit }) => isHit !== undefined);
  return {
    perSecond: seen.length / (WINDOW_MS / 1000),
    p50: at(0.5),
    p95: at(0.95),
    errors: seen.length === 0 ? 0 : seen.filter((one) => one.isFailed).length / seen.length,
    ...(told.length > 0 && { hits: told.filter(({ isHit }) => isHit).length / told.length }),
  };
}
