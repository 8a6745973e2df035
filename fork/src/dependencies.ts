import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ReachedModule } from './flatten/reach.ts';

/** Versions by name, as package.json has them. */
export type Versions = Record<string, string>;

/** What every fork is checked and tested with. */
const TOOLS = ['@biomejs/biome', '@swc/core', '@swc/jest', '@types/k6', '@types/node', 'jest', 'typescript'];

/** The versions that all packages of the workspace have in common. */
export function catalogOf(workspace: string): Versions {
  const { catalog } = parse(readFileSync(join(workspace, 'pnpm-workspace.yaml'), 'utf8')) as { catalog: Versions };
  return catalog;
}

/**
 * What a project depends on to run, and to be worked on.
 * @param isTest - Whether a module is only there for tests.
 * @throws {Error} When a module needs a package that the catalog has no version of.
 */
export function dependenciesOf(
  modules: Iterable<ReachedModule>,
  isTest: (path: string) => boolean,
  catalog: Versions,
): { dependencies: Versions; devDependencies: Versions } {
  const toRun = new Set<string>();
  const toWork = new Set(TOOLS);
  for (const module of modules) {
    for (const name of packagesOf(module)) {
      if (isTest(module.path) || isTypeAlone(module, name)) toWork.add(name);
      else toRun.add(name);
    }
  }
  for (const name of [...toRun, ...toWork]) {
    const types = `@types/${name}`;
    if (catalog[types] !== undefined) toWork.add(types);
  }
  const versions = (names: Iterable<string>) =>
    Object.fromEntries([...names].sort().map((name) => [name, versionOf(name, catalog)]));
  return { dependencies: versions(toRun), devDependencies: versions([...toWork].filter((name) => !toRun.has(name))) };
}

function packagesOf({ imports, statements }: ReachedModule): Set<string> {
  const imported = [...imports.values()].flatMap((source) => ('from' in source ? source.from : []));
  const loaded = statements.flatMap(({ loads }) => loads);
  return new Set([...imported, ...loaded].filter(isPackage).map(packageName));
}

/** Whether nothing of a package is there at run time for this module. */
function isTypeAlone({ imports, statements }: ReachedModule, name: string): boolean {
  const of = (from: string) => packageName(from) === name;
  const values = [...imports.values()].some((source) => 'from' in source && of(source.from) && !source.type);
  return !values && !statements.some(({ loads }) => loads.some(of));
}

function isPackage(from: string): boolean {
  return !from.startsWith('.') && !from.startsWith('node:') && !builtinModules.includes(from);
}

/** `@bull-board/api` of `@bull-board/api/bullMQAdapter`. */
function packageName(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

function versionOf(name: string, catalog: Versions): string {
  const version = catalog[name];
  if (version === undefined) throw new Error(`pnpm-workspace.yaml has no version of ${name} in its catalog`);
  return version;
}
