import type { Command } from 'commander';
import { BadInput } from '../bad-input.ts';
import { instanceState } from '../instance-state.ts';
import { coloursFor } from '../logs/colours.ts';
import { instanceNames } from '../run-folder.ts';
import { chosenStages } from '../stages.ts';
import { workspaceRoot } from '../workspace.ts';

/** What there is to do, each with the command that begins it. */
const MENU: [what: string, command: string, gives: string][] = [
  ['see it', '--filter stage-1 start', 'the first stage, in a browser; stage-2 to stage-7 alike'],
  ['', 'room', 'what is up, drawn live, with buttons that break it'],
  ['measure it', 'compare', 'every step, then all of them under one load: a report'],
  ['', 'bench stage-2 --quick', 'one step, its headline alone'],
  ['', 'plan --users 1000000', 'how many machines so many users take, and what they cost'],
  ['break it', 'drill --list', 'what can be broken on purpose, and what must hold'],
  ['read it', 'site', 'the documentation: every diff with its text beside it'],
  ['', 'diff 2 3', 'what stage 3 adds, in reading order'],
  ['learn', 'learn', 'predict, break, extend; goes on where you stopped'],
  ['fork it', 'fork stage-4 ../my-app', 'a stage as a project of your own'],
];

const EXAMPLES = `
Examples:
  pnpm start                            this menu
  pnpm --filter stage-1 start --help    how a stage is started`;

/** `day90 menu`: what there is, in a few lines. */
export function addMenu(program: Command): void {
  program
    .command('menu')
    .description('show what there is to do, and what is up')
    .argument('[stage]', 'has the command that starts it told')
    .addHelpText('after', EXAMPLES)
    .action(menu);
}

function menu(name: string | undefined): void {
  const workspace = workspaceRoot();
  if (name !== undefined) {
    const [stage] = chosenStages(workspace, name);
    throw new BadInput(`a stage is started by \`npx -y pnpm --filter ${stage?.name} start\``);
  }
  const { bold, dim } = coloursFor(process.stdout);
  const width = Math.max(...MENU.map(([, command]) => command.length));
  const rows = MENU.map(
    ([what, command, gives]) => `${bold(what.padEnd(10))}  npx -y pnpm ${command.padEnd(width)}  ${dim(gives)}`,
  );
  const up = instanceNames(workspace).flatMap((instance) => {
    const found = instanceState(workspace, instance);
    return found.state === 'up' ? [`${instance} at ${found.ready.url}`] : [];
  });
  console.log(
    [
      'One Express app, from its first day to a million users, in seven steps.',
      ...['', ...rows, ''],
      `up now: ${up.length > 0 ? up.join(', ') : 'nothing'}`,
      'Each command has --help with an example; `npx -y pnpm preflight` tells what is missing here.',
    ].join('\n'),
  );
}
