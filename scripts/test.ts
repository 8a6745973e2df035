import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { BadInput } from '../infra/src/bad-input.ts';
import { ensureSystemNeeds } from '../infra/src/ensure-system-needs.ts';
import { allStages } from '../infra/src/stages.ts';

try {
  await ensureSystemNeeds(allStages(fileURLToPath(new URL('..', import.meta.url))).at(-1)?.name ?? '', 'bench');
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  console.error(error.message);
  process.exit(1);
}
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const run = spawnSync(process.execPath, [...node, jest, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = run.status ?? 1;
