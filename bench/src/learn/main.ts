import { runProgram, workspaceRoot } from '@day90/infra';
import { learnCommand } from './learn-command.ts';

await runProgram(learnCommand(workspaceRoot()));
