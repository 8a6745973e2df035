import { spawnSync } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { BadInput } from '@day90/infra';
import { Command } from 'commander';
import { PLANS, planOf } from './plans.ts';
import { verifyForks } from './verify/verify-forks.ts';
import { writeProject } from './write-project.ts';

interface ForkOptions {
  name?: string;
  git?: boolean;
  verify?: boolean;
}

/** The command `fork`. @param cwd - Where paths begin. */
export function forkCommand(workspace: string, cwd: string): Command {
  return new Command('fork')
    .description('makes a project of its own of a stage, in a new folder')
    .argument('[stage]', PLANS.map(({ name }) => name).join(', '))
    .argument('[folder]', 'where it goes; new, or empty')
    .argument('[more...]', 'with --verify: more stages')
    .option('--name <name>', 'name of its package; that of the folder unless told')
    .option('--git', 'begins its history with a first commit')
    .option(
      '--verify',
      'forks each stage named, or all, elsewhere, and installs, checks, tests, starts and asks it there',
    )
    .addHelpText('after', '\nExample:\n  npx -y pnpm fork stage-4 ../my-app')
    .action(async (stage: string | undefined, folder: string | undefined, more: string[], options: ForkOptions) => {
      if (options.verify) return verifyForks(workspace, stagesIn([stage, folder, ...more]));
      if (stage === undefined || folder === undefined)
        throw new BadInput('which stage, and where to? `npx -y pnpm fork stage-4 ../my-app`; --help explains it');
      if (more.length > 0)
        throw new BadInput(`one stage into one folder: what is ${more.join(' ')}? --help explains it`);
      await forkInto(workspace, stage, resolve(cwd, folder), options);
    });
}

function stagesIn(names: (string | undefined)[]): string[] {
  return names.filter((name) => name !== undefined);
}

async function forkInto(workspace: string, stage: string, folder: string, { name, git }: ForkOptions): Promise<void> {
  const plan = planOf(stage);
  const files = await writeProject(workspace, plan, folder, name ?? basename(folder).toLowerCase());
  console.log(`${files} files in ${folder}`);
  if (git) begin(folder);
  console.log(`Next: cd ${folder} && npm install; its README.md goes on from there`);
}

/** A history with one commit, by whoever git says is here. */
function begin(folder: string): void {
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '.'],
    ['commit', '--quiet', '-m', 'Start'],
  ]) {
    const { status, stderr } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0)
      throw new BadInput(
        `the project is there, but \`git ${args[0]}\` failed: ${stderr.trim().split('\n').at(-1) ?? ''}`,
      );
  }
}
