import type { Plan } from './plans.ts';

/** What is changed in a file of the workspace. */
export interface Edit {
  from: string | RegExp;
  to: string;
}

type Edits = Record<string, Edit[]>;

const MIGRATIONS = 'stages/day1-sqlite/src/migrations/index.ts';

const gone = (...texts: (string | RegExp)[]): Edit[] => texts.map((from) => ({ from, to: '' }));
const migration = (name: string) => new RegExp(`^ *'\\d+-${name}': .*\\n`, 'm');

/** Of a project that takes no pictures. */
const PICTURES: Edits = {
  'shared/core/src/http/create-app.ts': [
    ...gone('  /** Without them there is no `/images`. */\n  pictures?: PictureParts;\n'),
    ...gone('  if (parts.pictures) app.use(imageRoutes({ ...routed, ...parts.pictures }));\n'),
    { from: 'openApiDocument(parts)', to: 'openApiDocument()' },
  ],
  'shared/core/src/http/open-api.ts': [
    { from: 'Every operation that does without pictures, as', to: 'Every operation, as' },
    {
      from: /\/\*\*\n \* (The OpenAPI .*)\n \* @param parts\.pictures .*\n \*\/\nexport function openApiDocument\(.*\): object/,
      to: '/** $1 */\nexport function openApiDocument(): object',
    },
    ...gone(/^ *const operations = .*\n/m),
    { from: 'Object.entries(operations)', to: 'Object.entries(OPERATIONS)' },
  ],
  'shared/core/src/config.ts': gone(/^ *UPLOAD_TURNS_PER_HOUR: .*\n/m),
  [MIGRATIONS]: gone(migration('images'), migration('pending-images')),
  'shared/testing/src/http-contract.ts': [
    ...gone(' * @param has.pictures - Whether it takes pictures.\n', ', has: { pictures?: true } = {}'),
    ...gone('    if (has.pictures) describePictures(rig);\n'),
    { from: 'describeAccess(rig, has)', to: 'describeAccess(rig)' },
  ],
  'shared/testing/src/http-contract/access.ts': [
    { from: 'Every route there is without pictures. One', to: 'Every route there is. One' },
    ...gone(', has: { pictures?: true }', /^ *const rowsOfAll = .*\n/m),
    { from: /\browsOfAll\b/g, to: 'ROWS' },
  ],
  'shared/testing/src/http-contract/generated.ts': gone(
    /^ *if \(route\.path\.startsWith\('\/images'\)\) continue;.*\n/m,
  ),
  'fork/parts/test/started-app.ts': gone(/^ *UPLOAD_TURNS_PER_HOUR: .*\n/m),
};

/** Of one without a queue: nobody makes further sizes of pictures, or looks behind the scenes. */
const QUEUE: Edits = {
  'shared/core/src/ports.ts': [...gone(/\n *\| \{ name: 'picture-sizes'; picture: ImageName \}/)],
  'shared/core/src/inline-jobs.ts': [
    ...gone('  /** Only where pictures get other sizes. */\n  makeSizes?: MakeSizes;\n', ', makeSizes'),
    ...gone(/^ *case 'picture-sizes':\n.*\n.*\n/m),
  ],
  [MIGRATIONS]: gone(migration('outbox'), migration('admins')),
  'fork/parts/src/postgres/app-grants.ts': gone('admins, '),
};

/** Of pictures without a queue: migrations are counted without a gap. */
const COUNTED: Edits = {
  [MIGRATIONS]: [
    { from: "'4-images'", to: "'3-images'" },
    { from: "'6-pending-images'", to: "'4-pending-images'" },
  ],
};

/** Of shards: they drop tables that are not made here. */
const SHARDS: Edits = {
  'stages/day45-replicas/src/sharded/shard-schema.ts': gone(
    /^ *\/\/ What pictures and jobs need .*\n *'DROP TABLE .*\n *'DROP FUNCTION .*\n/m,
  ),
};

const METRICS: Edits = { 'fork/parts/test/started-app.ts': gone(/^ *METRICS_PORT: .*\n/m) };

const SQLITE: Edits = {
  'fork/parts/test/started-app.ts': [
    ...gone('; a SQLite file is a new one', /^ *const folder = .*\n/m, /^ *rmSync\(folder.*\n/m),
    ...gone(", SQLITE_PATH: join(folder, 'test.sqlite')"),
  ],
};

/** What a project does without that the workspace's code is ready for. */
export function leftOut({ has, database }: Plan, path: string): Edit[] {
  const all: Edits[] = [];
  if (!has.pictures) all.push(PICTURES);
  if (!has.queue) all.push(QUEUE);
  if (has.pictures && !has.queue) all.push(COUNTED);
  if (database === 'shards') all.push(SHARDS);
  if (!has.metrics) all.push(METRICS);
  if (database !== 'sqlite') all.push(SQLITE);
  return all.flatMap((one) => one[path] ?? []);
}
