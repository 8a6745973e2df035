import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allStages } from '@day90/infra';
import type { PnpmCall } from './command-line.ts';

/** A script as package.json has it. */
export interface Script {
  /** The package's folder. */
  folder: string;
  /** `day90 start src/topology.ts` */
  text: string;
}

/** What pnpm does itself. */
const PNPM = new Set(['install', 'exec', 'add', 'audit', 'licenses', 'approve-builds']);

/**
 * Finds what a call of pnpm runs: a script of the root or of a package, a program of the root's, or nothing of the workspace's.
 * @throws {Error} With one line that names what there is.
 */
export function scriptOf(root: string, { filter, script }: PnpmCall): Script | undefined {
  const folder = filter === undefined ? root : packageFolder(root, filter);
  const { scripts = {} }: { scripts?: Record<string, string> } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const text = scripts[script];
  if (text !== undefined) return { folder, text };
  if (PNPM.has(script) || script.startsWith('-') || existsSync(join(root, 'node_modules/.bin', script)))
    return undefined;
  throw new Error(`${filter ?? 'the root'} has no script ${script}, but: ${Object.keys(scripts).join(', ')}`);
}

function packageFolder(root: string, name: string): string {
  // `stage-N` stands for any of them.
  const stages = allStages(root);
  const folder = stages.find((stage) => stage.name === name || name === 'stage-N')?.folder;
  if (folder) return folder;
  const other = ['bench', 'infra', 'docs'].find((one) => name === `@day90/${one}`);
  if (other) return join(root, other);
  throw new Error(`no package ${name}, but: ${stages.map((stage) => stage.name).join(', ')}`);
}
