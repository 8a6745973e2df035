import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput, InstanceLogs, type LogEntry, requestWay } from '@day90/infra';
import type { Sent, Step } from './sent.ts';
import type { Scene } from './snapshot.ts';
import { withUnlogged } from './unlogged-steps.ts';
import { somePost } from './visitor.ts';

/** nginx writes a line up to a second late. */
const LATE_MS = 1300;
/** A box that is busy writes later still. */
const LOOKS = 4;
/** `X-Cache` of what an edge answered by itself: there may be no line of it at all. */
const ANSWERED_AT_EDGE = ['HIT', 'STALE'];
const ANSWER_MS = 15_000;

/** What tells of the way of a request. */
interface Ways {
  scene: Scene;
  /** The folder of the boxes' logs. */
  logs: string;
  boxAt: (address: string) => string;
}

/**
 * Reads one of the posts, and finds out which boxes took part in it, from the logs and from what the answer says of itself.
 * @param from - One of the places in `scene.doors`.
 * @throws {BadInput} Without an answer.
 */
export async function sendOne(from: string, { scene, logs, boxAt }: Ways): Promise<Sent> {
  const path = somePost();
  const url = new URL(path, scene.doors[from]);
  const lines = new InstanceLogs(logs, 'end');
  try {
    const began = performance.now();
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) }).catch((error: Error) => {
      throw new BadInput(`${url} gave no answer: ${error.message}`);
    });
    await answer.arrayBuffer();
    const ms = performance.now() - began;
    const id = answer.headers.get('X-Request-Id') ?? '';
    const told = {
      ...{ door: scene.doorBoxes[from] ?? scene.door, cache: answer.headers.get('X-Cache') },
      timing: answer.headers.get('Server-Timing') ?? '',
    };
    const looks = ANSWERED_AT_EDGE.includes(told.cache ?? '') ? 1 : LOOKS;
    const steps = withUnlogged(stepsOf(await linesOf(id, lines, looks), boxAt), told, scene);
    const command = `npx -y pnpm logs --request ${id} --instance ${scene.instance}`;
    return { from, id, path, status: answer.status, ms, steps, command };
  } finally {
    lines.close();
  }
}

function stepsOf(entries: LogEntry[], boxAt: Ways['boxAt']): Step[] {
  const hops = requestWay(entries, boxAt);
  // Who began together is told from the front, whatever the clocks say.
  const first = Math.min(...hops.map(({ at }) => at));
  return hops.map(({ box, text, at, ms }) => ({ box, text, afterMs: at - first, ...(ms !== undefined && { ms }) }));
}

async function linesOf(id: string, lines: InstanceLogs, looks: number): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  for (let look = 0; id !== '' && found.length === 0 && look < looks; look += 1) {
    await sleep(LATE_MS);
    found.push(...lines.entries(id));
  }
  return found;
}
