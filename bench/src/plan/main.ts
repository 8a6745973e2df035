import { runProgram, workspaceRoot } from '@day90/infra';
import { planCommand } from './plan-command.ts';

await runProgram(planCommand(workspaceRoot()));
