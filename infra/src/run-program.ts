import { type Command, CommanderError } from 'commander';
import { BadInput, printError } from './bad-input.ts';

/** Thrown by a command that was interrupted: `code` is 130 for Ctrl-C. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  readonly code: number;
  constructor(why: string, code: number) {
    super(why);
    this.code = code;
  }
}

/**
 * Runs a command line to its end and sets the exit code: 0 done, 1 bad input or could not, 130 Ctrl-C. Bad input is one
 * line that names the allowed values; only what nobody foresaw shows a stack.
 */
export async function runProgram(program: Command, argv: string[] = process.argv): Promise<void> {
  for (const command of [program, ...program.commands]) speakPlainly(command);
  // `pnpm start -- --quiet` hands the two hyphens on.
  const args = argv.filter((arg, i) => !(arg === '--' && i >= 2));
  try {
    await program.parseAsync(args);
  } catch (error) {
    process.exitCode = explain(error);
  }
}

function speakPlainly(command: Command): void {
  command.configureOutput({ writeErr: () => {} }).exitOverride((error) => {
    throw error.exitCode === 0 ? error : new BadInput(inOneLine(error, command));
  });
}

function inOneLine(error: CommanderError, command: Command): string {
  const what = error.message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  const flags = command.options.map((option) => option.long).concat('--help');
  const commands = command.commands.map((sub) => sub.name());
  if (error.code === 'commander.unknownOption') return `${what}; ${command.name()} knows ${flags.join(', ')}`;
  if (error.code === 'commander.unknownCommand') return `${what}; commands: ${commands.join(', ')}`;
  if (error.code === 'commander.help') return `which command? One of ${commands.join(', ')}; --help explains them`;
  return `${what}; \`--help\` explains ${command.name()}`;
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof Interrupted) return error.code;
  printError(error);
  return 1;
}
