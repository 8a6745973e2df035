import { runProgram, workspaceRoot } from '@day90/infra';
import { claimsCommand } from './claims-command.ts';

await runProgram(claimsCommand(workspaceRoot()));
