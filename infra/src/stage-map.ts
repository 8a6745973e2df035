import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box, Topology } from './topology.ts';

/** What a mark on the map stands for; by it the mark gets its tier and its colour. */
export type Kind = 'place' | 'edge' | 'proxy' | 'app' | 'store' | 'queue' | 'work' | 'mail' | 'watch';

/** A box of a topology with all its replicas, a place that visitors are at, or a database that is a file. */
export interface Mark {
  name: string;
  kind: Kind;
  /** The program it is: `Redis`. */
  program?: string;
  count: number;
}

/** Who connects to whom. */
export interface Connection {
  from: string;
  to: string;
  /** Round trip between the two, in milliseconds, where they are far from each other. */
  rttMs?: number;
}

/** A topology as it can be drawn. */
export interface StageMap {
  marks: Mark[];
  connections: Connection[];
}

const KINDS: Record<string, Kind> = {
  ...{ edge: 'edge', nginx: 'proxy', limiter: 'proxy', app: 'app', mail: 'mail', queue: 'queue' },
  ...{ cache: 'store', sessions: 'store', postgres: 'store', shard: 'store', s3: 'store' },
  ...{ relay: 'work', worker: 'work', board: 'work' },
};
const PROGRAMS: Record<string, string> = {
  ...{ node: 'Node', nginx: 'nginx', varnishd: 'Varnish', postgres: 'Postgres', versitygw: 'S3' },
  'redis-server': 'Redis',
};
/** The file of a database that runs in the app's own process. */
const FILE = 'SQLite';

/**
 * Reads from a topology what there is and who connects to whom: a box connects to those that its command, its variables and its
 * files name by `${port:…}` and the like.
 * @param folder - The stage's, where templates are.
 */
export function stageMap(topology: Topology, folder: string): StageMap {
  const { boxes, places = ['visitors'], links = {}, door } = topology;
  const marks = [
    ...places.map((name): Mark => ({ name, kind: 'place', count: 1 })),
    ...Object.entries(boxes).map(([name, box]) => markOf(name, box)),
    ...(topology.data?.engine === 'sqlite'
      ? [{ name: FILE, kind: 'store', program: 'a file', count: 1 } as const]
      : []),
  ];
  const fromPlaces = places.map((from) => ({ from, to: links[from]?.to ?? door, ...far(links[from]?.rttMs) }));
  const fromBoxes = Object.entries(boxes).flatMap(([from, box]) =>
    namedBy(box, folder).flatMap(({ way, name }): Connection[] => {
      const link = way === 'link' ? links[name] : undefined;
      const to = link?.to ?? boxNamed(name, boxes);
      return to === undefined || to === from ? [] : [{ from, to, ...far(link?.rttMs) }];
    }),
  );
  const toFile = marks.some(({ name }) => name === FILE) ? [{ from: door, to: FILE }] : [];
  return { marks, connections: once([...fromPlaces, ...fromBoxes, ...toFile]) };
}

function markOf(name: string, { role, run, replicas }: Box): Mark {
  const known = PROGRAMS[run[0] as string];
  const program = known?.toLowerCase() === name ? undefined : known;
  return { name, kind: KINDS[role] ?? 'watch', count: replicas?.count ?? 1, ...(program !== undefined && { program }) };
}

function far(rttMs: number | undefined): { rttMs?: number } {
  return rttMs === undefined ? {} : { rttMs };
}

/** The boxes and links that a box is told of. One without a port talks to nobody: it reads what those do that it starts after. */
function namedBy(
  { run, env = {}, files = {}, port, after = [] }: Box,
  folder: string,
): { way: string; name: string }[] {
  if (port === undefined) return after.map((name) => ({ way: 'after', name }));
  const templates = Object.values(files).map((path) => readFileSync(join(folder, path), 'utf8'));
  const text = [...run, ...Object.values(env), ...templates].join('\n');
  const found = text.matchAll(/\$\{(port|url|servers|targets|link):([a-z0-9-]+)/g);
  return [...found].map(([, way = '', name = '']) => ({ way, name }));
}

/** The box of that name, or whose replica it is: `db-2` is one of `db`. */
function boxNamed(name: string, boxes: Record<string, Box>): string | undefined {
  return [name, name.replace(/-\d+$/, '')].find((box) => box in boxes);
}

function once(connections: Connection[]): Connection[] {
  const seen = new Map(connections.toReversed().map((one) => [`${one.from} ${one.to}`, one]));
  return connections.filter((one) => seen.get(`${one.from} ${one.to}`) === one);
}
