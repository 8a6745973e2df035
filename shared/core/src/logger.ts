import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { ServerConfig } from './config.ts';

/** Keys whose values never reach a log, wherever in a logged object they stand (to two levels). */
const SECRET_KEYS = ['authorization', 'cookie', 'password', 'passwordHash', 'secret', 'token'];

/**
 * Loses what can't be written, such as on a full disk, and goes on. pino's own destination throws then, in the middle of a
 * request, and on the way out tries again for ever: the process neither answers nor ends.
 */
const standardOutput: DestinationStream = {
  write(line) {
    try {
      writeSync(1, line);
    } catch {
      // nowhere to tell it
    }
  },
};

/**
 * JSON lines on standard output, which the process's owner collects.
 * @param config.LOG_LEVEL - Least level written.
 * @param config.BOX - Name of this process, in every line.
 */
export function createLogger(
  config: Pick<ServerConfig, 'LOG_LEVEL' | 'BOX'>,
  destination: DestinationStream = standardOutput,
): Logger {
  const options = {
    level: config.LOG_LEVEL,
    base: { box: config.BOX },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[hidden]' },
  };
  return pino(options, destination);
}
