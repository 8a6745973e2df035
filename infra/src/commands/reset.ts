import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { BadInput } from '../bad-input.ts';
import { instanceState } from '../instance-state.ts';
import { instanceNames, runFolder } from '../run-folder.ts';
import { templateFolders } from '../templates.ts';
import { workspaceRoot } from '../workspace.ts';

interface ResetFlags {
  yes?: boolean;
  templates?: boolean;
  all?: boolean;
}

const EXAMPLES = `
Examples:
  pnpm reset stage-1 --yes    its data and logs; the next start copies the seeded data anew
  pnpm reset --all            everything but results and secrets`;

/** `day90 reset`: deletes the data and logs of instances. Results and secrets stay. */
export function addReset(program: Command): void {
  program
    .command('reset')
    .description('delete the data and logs of one instance, or of every one')
    .argument('[instance]', 'every one unless told')
    .option('--templates', 'delete the seeded data templates instead')
    .option('--all', 'delete every instance and the templates')
    .option('--yes', 'do not ask')
    .addHelpText('after', EXAMPLES)
    .action(reset);
}

async function reset(instance: string | undefined, flags: ResetFlags): Promise<void> {
  const workspace = workspaceRoot();
  const paths = whatToDelete(workspace, instance, flags);
  if (paths.length === 0) {
    console.log('nothing to delete');
    return;
  }
  const list = paths.map((path) => (path.startsWith(workspace) ? relative(workspace, path) : path)).join(', ');
  if (!flags.yes && !(await agreed(`delete ${list}?`))) throw new BadInput('nothing was deleted');
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  console.log(`deleted ${list}`);
}

function whatToDelete(workspace: string, instance: string | undefined, flags: ResetFlags): string[] {
  const names = instanceNames(workspace);
  if (instance && !names.includes(instance)) {
    runFolder(workspace, instance);
    throw new BadInput(`no instance ${instance}; there ${names.length > 0 ? `are ${names.join(', ')}` : 'is none'}`);
  }
  const chosen = instance ? [instance] : flags.templates && !flags.all ? [] : names;
  for (const name of chosen) {
    const state = instanceState(workspace, name);
    if (state.state !== 'down')
      throw new BadInput(`${name} is up: end it first (Ctrl-C in its terminal, or \`kill ${state.launcherPid}\`)`, {
        code: 'D90-ALREADY-UP',
      });
  }
  const folders = chosen.flatMap((name) => {
    const { root, elsewhere } = runFolder(workspace, name);
    return existsSync(elsewhere) ? [root, elsewhere] : [root];
  });
  return flags.templates || flags.all ? [...folders, ...templateFolders(workspace)] : folders;
}

async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new BadInput(`${question} Say so with --yes (no terminal to ask on)`);
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`${question} [y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}
