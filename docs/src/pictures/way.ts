import type { Connection, Mark, StageMap } from '@day90/infra';

/**
 * The way of `GET /posts/:id` when nobody has it yet: from the visitor who is farthest from the app, over all that stand between, then
 * the cache, then the database. Each stop that has the answer ends it.
 */
export function wayOfPost({ marks, connections }: StageMap): Connection[] {
  const kindOf = new Map(marks.map(({ name, kind }) => [name, kind]));
  const before = connections.filter(({ to }) => ['edge', 'proxy', 'app'].includes(kindOf.get(to) ?? ''));
  const visitors = marks.filter(({ kind }) => kind === 'place');
  const ways = visitors.map(({ name }) => wayToApp(name, before, kindOf));
  const longest = ways.reduce((a, b) => (b.length > a.length ? b : a));
  const stores = ['cache', 'SQLite', 'postgres', 'db'];
  const reads = stores.flatMap((store) => connections.filter(({ from, to }) => from === 'app' && to === store));
  return [...longest, ...reads];
}

function wayToApp(start: string, connections: Connection[], kindOf: Map<string, Mark['kind']>): Connection[] {
  const next = connections.find(({ from }) => from === start);
  if (!next) return [];
  return kindOf.get(next.to) === 'app' ? [next] : [next, ...wayToApp(next.to, connections, kindOf)];
}
