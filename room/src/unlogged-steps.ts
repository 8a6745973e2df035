import { isOf } from './expectations.ts';
import type { Step } from './sent.ts';
import type { Scene } from './snapshot.ts';

/** Programs that an app asks for its rows, as the map calls them. */
const DATABASES = ['Postgres', 'a file'];

/** What an answer says of its own making. */
interface Told {
  /** The box that it was asked of. */
  door: string;
  /** `X-Cache` of an edge: `HIT`, `STALE`, `MISS`. */
  cache: string | null;
  /** `Server-Timing`. */
  timing: string;
}

/** Adds to the way of a request the boxes that write no line for it: an edge where none keeps a log, the cache and the database. */
export function withUnlogged(steps: Step[], { door, cache, timing }: Told, scene: Scene): Step[] {
  const inside = stepsInside(steps, timing, scene);
  const isKnown = steps.some(({ box }) => box === door || isOf(box, door));
  return isKnown || cache === null ? inside : [{ box: door, text: cache.toLowerCase(), afterMs: 0 }, ...inside];
}

/**
 * With what the app asked while it answered, as it tells. An edge that answered by itself tells of an earlier request: nothing is added to
 * that way.
 * @see https://www.w3.org/TR/server-timing/
 */
function stepsInside(steps: Step[], timing: string, { marks }: Scene): Step[] {
  const at = steps.findLastIndex(({ box }) => marks.some(({ name, kind }) => kind === 'app' && isOf(box, name)));
  const app = steps[at];
  if (!app) return steps;
  const cache = /(?:^|,)\s*cache;desc=(\w+)/.exec(timing)?.[1];
  const [, ms = '0', queries = ''] = /(?:^|,)\s*db;dur=([\d.]+);desc="([^"]*)"/.exec(timing) ?? [];
  const database = marks.find(
    ({ name, kind, program = '' }) => kind === 'store' && (DATABASES.includes(program) || name === 'postgres'),
  );
  const inside: Step[] = [
    ...(cache ? [{ box: 'cache', text: cache, afterMs: app.afterMs }] : []),
    ...(database && Number.parseInt(queries, 10) > 0
      ? [{ box: database.name, text: queries, afterMs: app.afterMs, ms: Number(ms) }]
      : []),
  ];
  return steps.toSpliced(at + 1, 0, ...inside);
}
