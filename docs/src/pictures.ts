import { runProgram, workspaceRoot } from '@day90/infra';
import { picturesCommand } from './pictures/pictures-command.ts';

await runProgram(picturesCommand(workspaceRoot()));
