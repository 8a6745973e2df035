import { fileURLToPath } from 'node:url';
import { runCommandLine } from './run/command-line.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  root: fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, ''),
  env: process.env,
});
