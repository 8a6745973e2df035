import type { Command } from 'commander';
import type { Check } from '../check.ts';
import { coloursFor } from '../logs/colours.ts';
import { type Preflight, preflight } from '../preflight.ts';
import { workspaceRoot } from '../workspace.ts';

const MARKS = { pass: '✓', warn: '!', fail: '✗' };

const EXAMPLES = `
Examples:
  pnpm preflight            of every stage
  pnpm preflight stage-1    of one
  pnpm preflight --json     for a report`;

/** `day90 preflight`: what is missing here, all at once, each with the command that mends it. */
export function addPreflight(program: Command): void {
  program
    .command('preflight')
    .description('look whether all a stage needs is here; changes nothing')
    .argument('[stage]', 'stage-1 …; every stage unless told')
    .option('--json', 'print it as JSON (the home folder shown as ~)')
    .addHelpText('after', EXAMPLES)
    .action(async (stage: string | undefined, flags: { json?: boolean }) => {
      const found = await preflight(workspaceRoot(), stage);
      console.log(flags.json ? JSON.stringify(found, null, 2) : inWords(found));
      if (!found.ok) process.exitCode = 1;
    });
}

function inWords(found: Preflight): string {
  const width = Math.max(...found.checks.map((check) => check.name.length));
  const failed = found.checks.filter((check) => check.status === 'fail').length;
  const end = failed === 0 ? 'nothing is missing' : `${failed} to mend before a start`;
  return [...found.checks.map((check) => line(check, width)), '', end].join('\n');
}

function line(check: Check, width: number): string {
  const colours = coloursFor(process.stdout);
  const colour = { pass: colours.green, warn: colours.yellow, fail: colours.red }[check.status];
  const first = `${colour(MARKS[check.status])} ${check.name.padEnd(width)}  ${check.found}`;
  return check.mend ? `${first}\n  ${' '.repeat(width)}  → ${check.mend}` : first;
}
