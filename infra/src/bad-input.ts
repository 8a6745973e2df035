import type { ErrorCode } from './error-codes.ts';

/** Where an error's code is looked up, from the workspace's root. */
const TROUBLESHOOTING = 'docs/troubleshooting.md';

/** What the person at the keyboard can mend: its message is one line that names the thing, the allowed values and the command that helps. */
export class BadInput extends Error {
  override name = 'BadInput';
  readonly code: ErrorCode;

  /** @param options.code - D90-INPUT without, or that of the cause. */
  constructor(message: string, { code, ...options }: ErrorOptions & { code?: ErrorCode } = {}) {
    super(message, options);
    this.code = code ?? (options.cause instanceof BadInput ? options.cause.code : 'D90-INPUT');
  }
}

/** Prints what ended a command: one line with its code where the person at the keyboard can mend it, else the whole stack. */
export function printError(error: unknown): void {
  if (error instanceof BadInput) {
    console.error(`${error.message} [${lookUp(error.code)}]`);
    return;
  }
  console.error(error);
  console.error(`This should not have happened [${lookUp('D90-UNFORESEEN')}]`);
}

/** What was typed wrong is mended by the line itself; of all else there is more to read. */
function lookUp(code: ErrorCode): string {
  return code === 'D90-INPUT' ? code : `${code}: ${TROUBLESHOOTING}#${code.toLowerCase()}`;
}
