import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput, InstanceLogs, type LogEntry, requestWay } from '@day90/infra';
import type { Sent } from './snapshot.ts';
import { somePost } from './visitor.ts';

/** nginx writes a line up to a second late. */
const LATE_MS = 1300;
/** A box that is busy writes later still. */
const LOOKS = 4;
const ANSWER_MS = 15_000;
/** Reads one of the posts, and finds out from the logs which boxes took part in it. */
export async function sendOne(url: string, logs: string, boxAt: (address: string) => string): Promise<Sent> {
  const path = somePost();
  const lines = new InstanceLogs(logs, 'end');
  const began = performance.now();
  const answer = await fetch(new URL(path, url), { signal: AbortSignal.timeout(ANSWER_MS) }).catch((error: Error) => {
    throw new BadInput(`${url} gave no answer: ${error.message}`);
  });
  await answer.arrayBuffer();
  const ms = performance.now() - began;
  const id = answer.headers.get('X-Request-Id') ?? '';
  const hops = requestWay(await linesOf(id, lines), boxAt);
  // Who began together is told from the front, whatever the clocks say.
  const first = Math.min(...hops.map(({ at }) => at));
  const steps = hops.map(({ box, text, at, ms: took }) => ({
    box,
    text,
    afterMs: at - first,
    ...(took !== undefined && { ms: took }),
  }));
  return { id, path, status: answer.status, ms, steps };
}

async function linesOf(id: string, lines: InstanceLogs): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  for (let look = 0; id !== '' && found.length === 0 && look < LOOKS; look += 1) {
    await sleep(LATE_MS);
    found.push(...lines.entries(id));
  }
  return found;
}
