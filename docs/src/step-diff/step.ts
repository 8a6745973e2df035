import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { allStages, BadInput } from '@day90/infra';

/** From one stage to the next; step 1 leads from the naive variant of stage 1 to stage 1 itself. */
export interface Step {
  number: number;
  /** What it leads from, and to: `stage-2`, `stage-1 naive`. */
  from: string;
  to: string;
  /** Folder of the stage that it leads to. */
  folder: string;
  /** Folder of the stage that it leads from. */
  folderBefore: string;
}

/** The steps of a workspace, in order. */
export function allSteps(workspace: string): Step[] {
  const stages = allStages(workspace);
  return stages.map(({ number, name, folder }, i) => {
    const before = stages[i - 1];
    return { number, from: before?.name ?? `${name} naive`, to: name, folder, folderBefore: before?.folder ?? folder };
  });
}

/**
 * The step that leads to a stage.
 * @param to - `3`, or `stage-3`.
 * @throws {BadInput} Naming the stages there are.
 */
export function stepTo(workspace: string, to: string): Step {
  const steps = allSteps(workspace);
  const step = steps.find(({ number, to: stage }) => to === String(number) || to === stage);
  if (!step) throw new BadInput(`no stage ${to}; stages: 1 … ${steps.length}, such as \`pnpm diff 2 3\``);
  return step;
}

/** Roots stand where they stood in the stage before. */
const COMPARED = ['app', 'topology', 'config', 'main', 'worker', 'relay', 'board'].map((root) => `src/${root}.ts`);

/** Whether a file is what became of one of the stage before, and not new with the step. */
function isCompared(path: string): boolean {
  return COMPARED.includes(path);
}

/** Text of a file of the stage that the step leads to. */
export function textAfter(step: Step, path: string): string {
  return readFileSync(join(step.folder, path), 'utf8');
}

/** What a compared file was before the step, and where; nothing where it was not there. */
export function fileBefore(step: Step, path: string): { path: string; text: string } | undefined {
  if (!isCompared(path)) return undefined;
  const isNaive = step.folder === step.folderBefore;
  const old = isNaive ? `src/naive/${basename(path)}` : path;
  const file = join(step.folderBefore, old);
  return existsSync(file) ? { path: old, text: readFileSync(file, 'utf8') } : undefined;
}

/** The packages that a stage is the first to depend on. */
export function newDependencies(step: Step, all: readonly Step[]): string[] {
  const before = new Set(all.filter(({ number }) => number < step.number).flatMap(dependencies));
  return dependencies(step).filter((name) => !before.has(name));
}

function dependencies({ folder }: Step): string[] {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
  return Object.keys(dependencies).filter((name) => !dependencies[name]?.startsWith('workspace:'));
}
