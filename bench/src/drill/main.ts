import { runProgram, workspaceRoot } from '@day90/infra';
import { drillCommand } from './drill-command.ts';

await runProgram(drillCommand(workspaceRoot()));
