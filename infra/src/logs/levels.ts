/** From the least to the most important, as pino has them. */
export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Level = (typeof levels)[number];

/** By the words that programs have for theirs, in lower case. */
const BY_WORD: Record<string, Level> = {
  notice: 'info',
  warning: 'warn',
  err: 'error',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
};

/** The level that a word means, in any case; undefined for one that means none. */
export function levelNamed(word: string): Level | undefined {
  const lower = word.toLowerCase();
  return levels.find((level) => level === lower) ?? BY_WORD[lower];
}

/** The level of one of pino's numbers, where 10 is `trace` and 60 is `fatal`. @see https://getpino.io/#/docs/api?id=loggerlevels-object */
export function levelNumbered(number: number): Level {
  const at = Math.min(Math.max(Math.floor(number / 10) - 1, 0), levels.length - 1);
  return levels[at] ?? 'info';
}

/** Whether one is at least as important as the other. */
export function isAtLeast(level: Level, least: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(least);
}
