import { dictionary } from '@zxcvbn-ts/language-common';

const common = new Set(dictionary['passwords-common'] as string[]);

/** Tells whether a password is one of the 49,000 most used ones, in any mix of capitals; they are what is tried first. */
export function isCommonPassword(password: string): boolean {
  return common.has(password.toLowerCase());
}
