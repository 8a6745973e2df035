import type { RequestListener } from 'node:http';
import { flushCompileCache } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { ownConfig, type ProcessConfig } from './config.ts';
import { type RunningServer, startServer } from './http/server.ts';
import { createLogger } from './logger.ts';
import { Resources } from './resources.ts';
import type { Box } from './serve.ts';

/** Time that work under way has to come to its end, in milliseconds. What takes longer is cut off, for somebody else to do. */
const DRAIN_DEADLINE_MS = 10_000;

type Build<S extends z.ZodObject, Result> = (config: z.infer<S>, box: Box) => Promise<Result>;

/**
 * The whole life of a process that answers nobody and works by itself: reads the configuration, builds, tells of its health
 * (`/livez`, `/readyz`), and on SIGTERM or SIGINT closes what it has opened, the last one first. Exits 0 after that, and 1 when
 * the configuration is wrong, the start fails, or work was cut off.
 * @param build - Opens what does the work last: closing that takes on nothing new, and waits for what is under way. May return
 *   what answers everything but health.
 */
export async function work<S extends z.ZodObject>(
  schema: S,
  build: Build<S, void> | Build<S, RequestListener>,
): Promise<void> {
  const config = ownConfig(schema);
  if (!config) return;
  const { HOST: host, PORT: port, ...log } = config as unknown as ProcessConfig;
  const logger = createLogger(log);
  const resources = new Resources();
  try {
    const app = (await build(config, { logger, resources })) ?? nothingElse;
    void resources.broken().then((reason) => {
      process.stderr.write(`The configuration is not valid:\n${reason}\n`);
      process.exit(1);
    });
    const running = await startServer({ app, resources }, { host, port, drainMs: 0 });
    logger.info({ url: running.url }, 'working');
    flushCompileCache(); // Node itself writes it at a process's end, and a box that is killed has none
    const stop = async (signal: NodeJS.Signals) => {
      logger.info({ signal }, 'draining');
      process.exit(await exitCode(running, (error) => logger.error({ err: error }, 'could not close')));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}

function exitCode(running: RunningServer, onError: (error: unknown) => void): Promise<number> {
  const closed = running.drain().then(
    () => 0,
    (error: unknown) => {
      onError(error);
      return 1;
    },
  );
  const late = sleep(DRAIN_DEADLINE_MS).then(() => {
    onError(new Error(`Work was cut off after ${DRAIN_DEADLINE_MS / 1000} s.`));
    return 1;
  });
  return Promise.race([closed, late]);
}

const nothingElse: RequestListener = (_, res) => {
  res.writeHead(404).end();
};
