import { type DestinationStream, type Logger, pino } from 'pino';
import type { ServerConfig } from './config.ts';

/** Keys whose values never reach a log, wherever in a logged object they stand (to two levels). */
const SECRET_KEYS = ['authorization', 'cookie', 'password', 'passwordHash', 'secret', 'token'];

/**
 * JSON lines on standard output, which the process's owner collects.
 * @param config.LOG_LEVEL - Least level written.
 * @param config.BOX - Name of this process, in every line.
 */
export function createLogger(config: Pick<ServerConfig, 'LOG_LEVEL' | 'BOX'>, destination?: DestinationStream): Logger {
  const options = {
    level: config.LOG_LEVEL,
    base: { box: config.BOX },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[hidden]' },
  };
  return destination ? pino(options, destination) : pino(options);
}
