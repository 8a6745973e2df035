import type { Plan } from './plans.ts';

/** Where files of the workspace go, the longest beginning first that fits. One that ends in a slash is a folder. */
const PLACES: [from: string, to: string][] = [
  ['shared/core/src/http/', 'src/http/'],
  ...['serve', 'work', 'resources', 'logger', 'config'].map(core('process')),
  ...['domain', 'errors', 'ports', 'json', 'context', 'reader', 'schemas'].map(core('domain')),
  ...['passwords', 'common-passwords'].map(core('passwords')),
  ...['memory-sessions', 'memory-rate-limit'].map(core('memory')),
  ...['mailer', 'inline-jobs'].map(core('jobs')),
  ['shared/core/static/', 'static/'],
  ['stages/day1-sqlite/src/migrations/', 'src/migrations/'],
  ['stages/day1-sqlite/src/sqlite.ts', 'src/sqlite/sqlite.ts'],
  ['stages/day1-sqlite/src/env.ts', 'src/sqlite/env.ts'],
  ['stages/day1-sqlite/src/', 'src/sql/'],
  ['stages/day15-cache/src/', 'src/cache/'],
  ['stages/day30-scaleout/src/redis-', 'src/sessions/redis-'],
  ['stages/day30-scaleout/src/', 'src/postgres/'],
  ['stages/day45-replicas/src/sharded/', 'src/shards/'],
  ['stages/day45-replicas/src/', 'src/cluster/'],
  ...['images-fs', 'images-s3', 'open-pictures', 'pending-sweep', 'redraw', 'sql-uploads', 'store-failure'].map(
    (name): [string, string] => [`stages/day60-cdn/src/${name}.ts`, `src/pictures/${name}.ts`],
  ),
  ['stages/day60-cdn/src/', 'src/edge/'],
  ['stages/day75-queue/src/board/', 'src/board/'],
  ...['picture-sizes', 'sized-pictures'].map((name): [string, string] => [
    `stages/day75-queue/src/${name}.ts`,
    `src/pictures/${name}.ts`,
  ]),
  ['stages/day75-queue/src/', 'src/jobs/'],
  ['stages/day90-full/src/metrics/', 'src/metrics/'],
  ['stages/day90-full/src/', 'src/shedding/'],
  ['shared/core/test/', 'test/unit/'],
  ['stages/day15-cache/test/', 'test/unit/'],
  ['stages/day45-replicas/test/', 'test/unit/'],
  ['stages/day45-replicas/test/sharded/', 'test/unit/'],
  ['stages/day75-queue/test/', 'test/unit/'],
  ['stages/day90-full/test/', 'test/unit/'],
  ['shared/testing/src/', 'test/'],
  ['shared/testing/pictures/', 'test/pictures/'],
  ['fork/parts/test/', 'test/'],
  ['fork/parts/src/', 'src/'],
  ['fork/parts/shards/', 'src/shards/'],
  ['fork/parts/shards/migrate.ts', 'src/migrate.ts'],
  ['fork/parts/load/', 'load/'],
];

function core(folder: string): (name: string) => [string, string] {
  return (name) => [`shared/core/src/${name}.ts`, `src/${folder}/${name}.ts`];
}

/**
 * Where a file of the workspace goes in a fork.
 * @throws {Error} When nothing is said about it.
 */
export function placeOf(plan: Plan, path: string): string {
  if (path.startsWith(`${plan.roots}/`)) {
    const name = path.slice(plan.roots.length + 1);
    if (ROOTS.has(name)) return `src/${name}`;
  }
  const fits = PLACES.filter(([from]) => path.startsWith(from)).sort(([a], [b]) => b.length - a.length);
  const [from, to] = fits[0] ?? [];
  if (from === undefined || to === undefined) throw new Error(`layout.ts says nothing about where ${path} goes`);
  return to + path.slice(from.length);
}

const ROOTS = new Set(['app.ts', 'config.ts', 'main.ts', 'worker.ts', 'relay.ts', 'board.ts']);
