import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Stage } from '@day90/infra';

/** What a step costs whoever has to read and keep it. */
export interface StepCost {
  stage: string;
  /** Lines of code in the stage's `src`: without blank ones, comments, tests and variants. */
  lines: number;
  /** Packages from the registry that no stage before it needs. */
  packages: string[];
}

/** The cost of each stage, in order; packages are counted where they first come in. */
export function stepCosts(stages: readonly Stage[]): StepCost[] {
  const known = new Set<string>();
  return stages.map(({ name, folder }) => {
    const packages = packagesOf(folder).filter((one) => !known.has(one));
    for (const one of packages) known.add(one);
    return { stage: name, lines: linesOf(folder), packages };
  });
}

function packagesOf(folder: string): string[] {
  const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  return Object.keys(dependencies).filter((name) => !dependencies[name]?.startsWith('workspace:'));
}

function linesOf(folder: string): number {
  const source = join(folder, 'src');
  if (!existsSync(source)) return 0;
  const files = globSync('**/*.ts', { cwd: source }).map((file) => join(source, file));
  // A folder with a topology of its own is a variant: another way to run the stage, and no part of the step.
  const variants = files.filter((file) => file.endsWith('topology.ts') && dirname(file) !== source).map(dirname);
  return files
    .filter((file) => !variants.some((variant) => file.startsWith(`${variant}/`)))
    .reduce((sum, file) => sum + codeLines(readFileSync(file, 'utf8')), 0);
}

/** Lines that are neither blank nor all comment. */
export function codeLines(text: string): number {
  const code = text.replace(/^\s*\/\*[\s\S]*?\*\/[ \t]*$/gm, '');
  return code.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}
