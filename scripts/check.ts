import { spawn } from 'node:child_process';

/** Every static check there is: name and command. They only read, so they run side by side. */
const CHECKS: Record<string, string[]> = {
  types: ['tsc', '-p', '.'],
  'types of the k6 scripts': ['tsc', '-p', 'bench/k6'],
  "types of the room's page": ['tsc', '-p', 'room/page'],
  'lint and format': ['biome', 'check', '--error-on-warnings'],
  'unused code and dependencies': ['knip', '--no-progress'],
  'arrows between packages': [
    'depcruise',
    '--config',
    '.dependency-cruiser.mjs',
    'stages',
    'shared',
    'infra',
    'bench',
    'docs',
    'fork',
    'room',
  ],
  'files made of the topologies': ['node', 'infra/src/cli.ts', 'render', '--check'],
  'figures in the documents': ['node', 'bench/src/figures.ts', '--check'],
  'commands in the documents': ['node', 'docs/src/site-verify.ts', '--only', 'commands'],
  'texts beside the steps': ['node', 'docs/src/check-steps.ts'],
  'pictures of the stages': ['node', 'docs/src/pictures.ts', '--check'],
  translations: ['node', 'docs/src/translated.ts', '--check'],
};

const HELP = `Usage: pnpm check

Runs every static check, side by side; none of them changes anything: ${Object.keys(CHECKS).join(', ')}.

Example:
  pnpm check && pnpm test`;
const given = process.argv.slice(2);
if (given.length > 0) {
  if (given.includes('--help')) console.log(HELP);
  else console.error(`pnpm check takes no ${given.join(' ')}; \`--help\` explains it`);
  process.exit(given.includes('--help') ? 0 : 1);
}

const failed: string[] = [];
await Promise.all(
  Object.entries(CHECKS).map(async ([name, [command = '', ...args]]) => {
    const startedAt = performance.now();
    const { code, output } = await run(command, args);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n${code === 0 ? '' : output}`);
    if (code !== 0) failed.push(name);
  }),
);
if (failed.length > 0) {
  process.stdout.write(`\nFailed: ${failed.join(', ')}. \`pnpm biome check --write\` mends most of lint and format.\n`);
  process.exitCode = 1;
}

function run(command: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: `${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
