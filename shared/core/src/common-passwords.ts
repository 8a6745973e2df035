import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
let common: Set<string> | undefined;

/** Tells whether a password is one of the 49,000 most used ones, in any mix of capitals; they are what is tried first. */
export function isCommonPassword(password: string): boolean {
  // Read at the first sign-up: every process has this module, and all but the app's would keep 8 MB that nobody asks for.
  common ??= new Set(readPasswords());
  return common.has(password.toLowerCase());
}

function readPasswords(): string[] {
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  return dictionary['passwords-common'] as string[];
}
