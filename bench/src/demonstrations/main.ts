import { runProgram, workspaceRoot } from '@day90/infra';
import { demonstrateCommand } from './demonstrate-command.ts';

await runProgram(demonstrateCommand(workspaceRoot()));
