import { runProgram, workspaceRoot } from '@day90/infra';
import { benchCommand } from './run/bench-command.ts';

await runProgram(benchCommand(workspaceRoot()));
