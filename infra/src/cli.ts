#!/usr/bin/env node
import { Command } from 'commander';
import { addLogs } from './commands/logs.ts';
import { addMenu } from './commands/menu.ts';
import { addPreflight } from './commands/preflight.ts';
import { addRender } from './commands/render.ts';
import { addReset } from './commands/reset.ts';
import { addRoll } from './commands/roll.ts';
import { addScale } from './commands/scale.ts';
import { addSetup } from './commands/setup.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addVerify } from './commands/verify.ts';
import { runProgram } from './run-program.ts';

const COMMANDS = [
  ...[addMenu, addStart, addStatus, addLogs, addScale, addRoll, addReset, addPreflight, addSetup],
  ...[addRender, addVerify],
];

const program = new Command('day90').description('Runs the stages of Day90 on this machine.');
for (const add of COMMANDS) add(program);
await runProgram(program);
