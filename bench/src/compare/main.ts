import { runProgram, workspaceRoot } from '@day90/infra';
import { compareCommand } from './compare-command.ts';

await runProgram(compareCommand(workspaceRoot()));
