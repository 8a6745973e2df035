import { instanceState } from '../instance-state.ts';
import { table } from '../table.ts';
import { coloursFor } from './colours.ts';
import type { Hop } from './hop.ts';
import { inWords, milliseconds } from './in-words.ts';
import type { LogEntry } from './log-entry.ts';
import { requestWay } from './request-way.ts';
import { iso } from './show-entries.ts';

const WAY_SCHEMA = 1;

/** Prints the way of a request: when each box began after the first one, what it did, and how long it took. */
export function showWay(
  entries: readonly LogEntry[],
  of: { workspace: string; instance: string; json: boolean },
): void {
  const { workspace, instance, json } = of;
  const hops = requestWay(entries, boxAt(workspace, instance));
  const [{ at: began } = { at: 0 }] = hops;
  const id = entries[0]?.requestId;
  if (json) {
    const way = hops.map(({ at, ...hop }) => ({ time: iso(at), afterMs: at - began, ...hop }));
    console.log(JSON.stringify({ schema: WAY_SCHEMA, request: id, instance, hops: way }, null, 2));
    return;
  }
  const times = hops.map(({ at }) => milliseconds(at - began));
  const width = Math.max(...times.map((time) => time.length));
  const rows = hops.map((hop, i) => [
    `+ ${times[i]?.padStart(width)}`,
    hop.box,
    inWords(hopContent(hop), coloursFor(process.stdout)),
  ]);
  console.log(`request ${id} in ${instance}, ${iso(began)}\n${table(rows)}`);
}

/** Where nothing is wrong no level is shown. */
function hopContent({ level, ...hop }: Hop) {
  return { ...hop, fields: {}, ...(level === 'info' ? {} : { level }) };
}

/** Known while the instance is up. */
function boxAt(workspace: string, instance: string): (address: string) => string {
  const state = instanceState(workspace, instance);
  const boxes = state.state === 'up' ? state.ready.boxes : [];
  const names = new Map(boxes.map(({ name, port }) => [`127.0.0.1:${port}`, name]));
  return (address) => names.get(address) ?? address;
}
