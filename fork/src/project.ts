import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { allStages } from '@day90/infra';
import { catalogOf, dependenciesOf } from './dependencies.ts';
import { edited } from './edits.ts';
import { composeFile } from './files/compose.ts';
import { envExample } from './files/env-example.ts';
import { packageJson } from './files/package-json.ts';
import { postgresFiles } from './files/postgres.ts';
import { readme } from './files/readme.ts';
import { toolingFiles } from './files/tooling.ts';
import { type ReachedModule, reach } from './flatten/reach.ts';
import { Sources } from './flatten/sources.ts';
import { writeModule } from './flatten/write-module.ts';
import { placeOf } from './layout.ts';
import type { Plan } from './plans.ts';
import { settingsOf } from './settings.ts';
import { unitTestsOf } from './unit-tests.ts';
import { type Names, reworded } from './wording.ts';

const TEST = 'fork/parts/test/app.test.ts';
const LOAD = 'fork/parts/load/reads.ts';

/**
 * A project of its own, made of what a stage's processes reach and nothing else.
 * @returns Its files by path, not yet formatted.
 */
export async function projectOf(workspace: string, plan: Plan, names: Names): Promise<Map<string, string | Buffer>> {
  const sources = sourcesOf(workspace, plan);
  const roots = rootsOf(plan);
  const modules = reach(sources, [...roots, ...unitTestsOf(sources, new Set(reach(sources, roots).keys()))]);
  const files = new Map<string, string | Buffer>();
  for (const module of modules.values())
    addFile(
      files,
      placeOf(plan, module.path),
      reworded(
        writeModule(module, (path) => placeOf(plan, path)),
        names,
      ),
    );
  for (const path of assetsOf(workspace, modules))
    addFile(files, placeOf(plan, path), readFileSync(join(workspace, path)));
  addFile(files, placeOf(plan, LOAD), readFileSync(join(workspace, LOAD), 'utf8'));
  addFile(files, 'LICENSE', readFileSync(join(workspace, 'LICENSE')));

  const settings = await settingsOf(workspace, modules.values());
  const { node } = JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8')).engines as { node: string };
  const isTest = (path: string) => placeOf(plan, path).startsWith('test/');
  const needs = { ...dependenciesOf(modules.values(), isTest, catalogOf(workspace)), node };
  const folders = [...new Set([...files.keys()].flatMap((path) => /^src\/([^/]+)\//.exec(path)?.[1] ?? []))].sort();
  const made: Record<string, string> = {
    ...toolingFiles(plan, /\d+/.exec(node)?.[0] ?? ''),
    ...postgresFiles(plan, names),
    'package.json': packageJson(plan, names, needs),
    '.env.example': reworded(envExample(plan, names, settings), names),
    'compose.yaml': composeFile(plan),
    'README.md': readme(plan, names, folders),
  };
  for (const [path, text] of Object.entries(made)) addFile(files, path, text);
  return files;
}

function sourcesOf(workspace: string, plan: Plan): Sources {
  const stages = Object.fromEntries(
    allStages(workspace).map(({ name, folder }) => [name, relative(workspace, folder)]),
  );
  return new Sources(workspace, stages, (path, text) => edited(plan, path, text), new Map([[TEST, contractOf(plan)]]));
}

function rootsOf({ roots, processes, database }: Plan): string[] {
  return [
    ...processes.map((name) => `${roots}/${name}.ts`),
    ...(database === 'sqlite'
      ? []
      : [database === 'shards' ? 'fork/parts/shards/migrate.ts' : 'fork/parts/src/migrate.ts']),
    TEST,
  ];
}

/** The HTTP contract, held against the project's own processes. */
function contractOf({ processes, has }: Plan): string {
  const names = processes.filter((name) => name !== 'board').map((name) => `'${name}'`);
  const start = `startApp([${names.join(', ')}])`;
  const rig = has.cache ? `async () => ({ ...(await ${start}), showsViewsLate: true })` : `() => ${start}`;
  return `import { describeHttpContract } from '@day90/testing';
import { startApp } from './started-app.ts';

describeHttpContract('the app', ${rig}${has.pictures ? ', { pictures: true }' : ''});
`;
}

/** Files that modules read while they run. */
function assetsOf(workspace: string, modules: Map<string, ReachedModule>): string[] {
  const patterns = ['shared/core/static/**/*.*'];
  if (modules.has('shared/testing/src/pictures.ts')) patterns.push('shared/testing/pictures/*');
  if (modules.has('stages/day75-queue/src/board/admin-app.ts')) patterns.push('stages/day75-queue/src/board/*.css');
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: workspace })).sort();
}

/** @throws {Error} When two files want the same place. */
function addFile(files: Map<string, string | Buffer>, path: string, content: string | Buffer): void {
  if (files.has(path)) throw new Error(`two files of the project would be ${path}`);
  files.set(path, content);
}
