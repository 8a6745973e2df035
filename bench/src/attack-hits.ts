import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** What became of one request. Times in milliseconds. */
export interface Hit {
  /** Which of the shots it was, from 0. */
  shot: number;
  /** When it was due, since the first one was. */
  due: number;
  /** The same on the clock, since 1970. */
  at: number;
  /** From when it was due to its answer: a generator that is late must not make the answers look faster. */
  took: number;
  /** By how much it was sent late. */
  late: number;
  /** 0 without an answer. */
  status: number;
  /** `Retry-After`, in seconds. */
  retryAfter?: number;
  /** `X-Served-By`, the box that answered. */
  servedBy?: string;
  error?: string;
}

/**
 * A URL that says which shot it is of, in its fragment: that is not sent, and stands in what vegeta writes down. Its own number does
 * not tell: of two workers the one with the later number may be the first to take a target.
 */
export function marked(url: URL, shot: number): string {
  return `${url.href}#${shot}`;
}

/** What vegeta tells of a request, as far as it is read here; its latency in nanoseconds. */
const told = z.object({
  seq: z.int(),
  url: z.string().regex(/#\d+$/),
  code: z.int(),
  timestamp: z.string(),
  latency: z.number(),
  error: z.string(),
  headers: z.record(z.string(), z.array(z.string())).nullable(),
});

/**
 * What vegeta wrote down as JSON, in the order in which it was due.
 * @param gap - Between two that were due, in milliseconds; none where each was due when it was sent.
 */
export async function readHits(file: string, gap: number | undefined): Promise<Hit[]> {
  const hits: (Omit<Hit, 'at'> & { sentAt: number })[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { seq, url, code, timestamp, latency, error, headers } = told.parse(JSON.parse(line));
    const [retryAfter, servedBy] = ['Retry-After', 'X-Served-By'].map((name) => headers?.[name]?.[0]);
    hits.push({
      ...{ shot: Number(url.slice(url.lastIndexOf('#') + 1)), due: seq * (gap ?? 0), sentAt: milliseconds(timestamp) },
      ...{ took: latency / 1e6, late: 0, status: code },
      ...(code === 0 && { error }),
      ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
      ...(servedBy !== undefined && { servedBy }),
    });
  }
  const first = hits.reduce((least, { sentAt, due }) => Math.min(least, sentAt - due), Number.POSITIVE_INFINITY);
  return hits
    .map(({ sentAt, ...hit }) => {
      if (gap === undefined) return { ...hit, due: sentAt - first, at: sentAt };
      const late = sentAt - first - hit.due;
      return { ...hit, late, took: hit.took + late, at: first + hit.due };
    })
    .sort((a, b) => a.due - b.due);
}

/** RFC 3339 with nanoseconds, of which a `Date` would keep three digits. */
function milliseconds(timestamp: string): number {
  const [seconds = '', fraction = '0', zone = ''] = timestamp.split(/\.(\d+)/);
  return Date.parse(seconds + zone) + Number(`0.${fraction}`) * 1000;
}
