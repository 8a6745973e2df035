import { runProgram, workspaceRoot } from '@day90/infra';
import { forkCommand } from './fork-command.ts';

// Started by pnpm, this process is in the root of the workspace, wherever the command was given.
await runProgram(forkCommand(workspaceRoot(), process.env.INIT_CWD ?? process.cwd()));
