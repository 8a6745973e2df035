import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, type Modules, readingOrder } from './reading-order.ts';
import { type SourceText, sourceText } from './source-text.ts';
import { type Step, textAfter } from './step.ts';

/** The files of a step, each with what it is part of. */
export const PARTS = ['roots', 'topology', 'settings', 'code', 'configuration', 'variants', 'load', 'tests'] as const;
type Part = (typeof PARTS)[number];

/** A file of a step. */
export interface StepFile {
  /** From the stage's folder. */
  path: string;
  part: Part;
}

/** What proves and explains the step, and is none of it. A dashboard is drawn, not read. */
const LEFT_OUT = [
  'claims/**',
  'drills/**',
  'learn/**',
  '**/README.md',
  'grafana/**',
  'package.json',
  '**/node_modules/**',
  '.run/**',
];
const ROOTS = ['app', 'worker', 'relay', 'board', 'limiter', 'exporter', 'main'].map((root) => `src/${root}.ts`);
const TOPOLOGY = ['src/topology.ts', 'src/boxes.ts'];
const SETTINGS = ['src/config.ts', 'src/env.ts'];
const LOAD = 'load.ts';

/** The files of a step in the order in which they are read best. */
export function stepFiles(step: Step): StepFile[] {
  const paths = globSync('**/*.*', { cwd: step.folder, exclude: LEFT_OUT }).map((path) => path.replaceAll('\\', '/'));
  const variants = paths
    .filter((path) => /^src\/[^/]+\/topology\.ts$/.test(path))
    .map((path) => path.replace('topology.ts', ''));
  const modules = modulesOf(step, paths);
  const roots = [...ROOTS, ...TOPOLOGY, ...SETTINGS];
  const starts = [
    ...roots,
    ...variants.flatMap((folder) => [`${folder}app.ts`, `${folder}topology.ts`]),
    ...commands(modules),
  ];
  const read = new Set([...roots, ...starts.flatMap((start) => readingOrder(start, modules))]);
  const rank = new Map([...read].map((path, i) => [path, i]));
  return paths
    .filter((path) => !modules.sources.get(path)?.isIndex)
    .filter((path) => step.folder !== step.folderBefore || !path.startsWith('src/naive/'))
    .map((path) => ({ path, part: partOf(path, variants) }))
    .sort(
      (a, b) =>
        PARTS.indexOf(a.part) - PARTS.indexOf(b.part) ||
        (rank.get(a.path) ?? rank.size) - (rank.get(b.path) ?? rank.size) ||
        (a.path < b.path ? -1 : 1),
    );
}

function partOf(path: string, variants: string[]): Part {
  if (path.startsWith('test/') || path.includes('/rules-test/')) return 'tests';
  if (variants.some((folder) => path.startsWith(folder))) return 'variants';
  if (ROOTS.includes(path)) return 'roots';
  if (TOPOLOGY.includes(path)) return 'topology';
  if (SETTINGS.includes(path)) return 'settings';
  if (path === LOAD) return 'load';
  return path.startsWith('src/') ? 'code' : 'configuration';
}

function modulesOf(step: Step, paths: string[]): Modules {
  const scripts = paths.filter((path) => path.endsWith('.ts') && path.startsWith('src/'));
  const sources = new Map<string, SourceText>(scripts.map((path) => [path, sourceText(path, textAfter(step, path))]));
  const { name, exports }: { name: string; exports: Record<string, string> } = JSON.parse(
    readFileSync(join(step.folder, 'package.json'), 'utf8'),
  );
  const exported = Object.entries(exports).map(([key, file]): [string, string] => [
    key.replace('.', name),
    file.replace('./', ''),
  ]);
  return { sources, exported: new Map(exported) };
}
