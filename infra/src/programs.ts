import { PROGRAM_FOLDERS, type SystemNeed, systemNeeds } from './needs.ts';
import { isPostgresProgram, postgresProgram } from './postgres-binaries.ts';
import { findOnPath } from './system.ts';
import { findTool, isTool } from './tools.ts';

/** Where a program of this name lies: `node` is the running Node, Postgres' come from npm, tools may lie in the user's cache. Undefined when it is not there. */
export function findProgram(name: string): string | undefined {
  if (name === 'node') return process.execPath;
  if (name.includes('/')) return name;
  if (isPostgresProgram(name)) return postgresProgram(name);
  if (isTool(name)) return findTool(name)?.path;
  return findSystemProgram(systemNeeds.find(({ program }) => program === name) ?? { program: name });
}

/** The program of a system package, by any of its names. */
export function findSystemProgram({
  program,
  elsewhere,
}: Pick<SystemNeed, 'program' | 'elsewhere'>): string | undefined {
  return (
    findOnPath(program, PROGRAM_FOLDERS) ??
    (elsewhere === undefined ? undefined : findOnPath(elsewhere, PROGRAM_FOLDERS))
  );
}

/** Command and arguments of an argv, its program found. One that is not there stays as it is: starting it says so. */
export function commandAndArgs(argv: string[]): [command: string, args: string[]] {
  const [command = '', ...args] = argv;
  return [findProgram(command) ?? command, args];
}
