import type { RequestListener } from 'node:http';
import { flushCompileCache } from 'node:module';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { ownConfig, type ServerConfig } from './config.ts';
import { startServer } from './http/server.ts';
import { createLogger } from './logger.ts';
import { Resources } from './resources.ts';

/** What a composition root is given: the process it builds the app of. */
export interface Box {
  logger: Logger;
  /** Takes in whatever the root opens; closed after the last request. */
  resources: Resources;
}

/**
 * The whole life of an app process: reads the configuration, builds the app, serves it, and on SIGTERM or SIGINT drains
 * it. Exits 0 after a clean drain, and 1 when the configuration is wrong, the start fails, or requests were cut off.
 */
export async function serve<S extends z.ZodObject>(
  schema: S,
  buildApp: (config: z.infer<S>, box: Box) => Promise<RequestListener>,
): Promise<void> {
  const config = ownConfig(schema);
  if (!config) return;
  const server = config as unknown as ServerConfig;
  const logger = createLogger(server);
  const resources = new Resources();
  try {
    const app = await buildApp(config, { logger, resources });
    void resources.broken().then((reason) => {
      process.stderr.write(`The configuration is not valid:\n${reason}\n`);
      process.exit(1);
    });
    const running = await startServer(
      { app, resources },
      {
        host: server.HOST,
        port: server.PORT,
        drainMs: server.DRAIN_MS,
        drainDeadlineMs: server.DRAIN_DEADLINE_MS,
      },
    );
    logger.info({ url: running.url }, 'listening');
    flushCompileCache(); // Node itself writes it at a process's end, and a box that is killed has none
    const stop = async (signal: NodeJS.Signals) => {
      logger.info({ signal }, 'draining');
      const whole = await running.drain().catch((error: unknown) => {
        logger.error({ err: error }, 'could not close');
        return false;
      });
      process.exit(whole ? 0 : 1);
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}
