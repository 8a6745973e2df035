import { runProgram, workspaceRoot } from '@day90/infra';
import { diffCommand } from './step-diff/diff-command.ts';

await runProgram(diffCommand(workspaceRoot()));
