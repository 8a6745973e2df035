import type { Connection, StageMap } from '@day90/infra';

/** What a picture says in words, since lines of it would cross all others. */
export function notesOf({ marks, connections }: StageMap, way: Connection[]): string[] {
  const kindOf = new Map(marks.map(({ name, kind }) => [name, kind]));
  const purged = connections.filter(({ from, to }) => kindOf.get(from) === 'app' && kindOf.get(to) === 'edge');
  const far = connections.filter(({ rttMs, from }) => rttMs !== undefined && kindOf.get(from) !== 'app');
  const watching = connections.filter(({ from }) => kindOf.get(from) === 'watch');
  const stops = new Set(way.map(({ to }) => to)).size;
  return [
    `1 to ${stops}: the way of GET /posts/:id when nobody has the answer before the database.`,
    ...(far.length > 0
      ? [`Round trips: ${far.map(({ from, to, rttMs }) => `${from} → ${to} ${rttMs} ms`).join(', ')}.`]
      : []),
    ...(purged.length > 0 ? [`After a write: app → ${namesOf(purged)}.`] : []),
    ...(watching.length > 0 ? ['Watching, beside all that:'] : []),
    ...[...Map.groupBy(watching, ({ from }) => from)].map(([from, told]) => `${from} → ${namesOf(told)}`),
  ];
}

function namesOf(connections: Connection[]): string {
  return connections.map(({ to }) => to).join(', ');
}
