import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Logger, type Resource, UnavailableError } from '@day90/core';
import { createClient, ErrorReply, SocketTimeoutError } from 'redis';
import { CircuitBreaker } from './circuit-breaker.ts';

/** Time that one request gives Redis, in milliseconds. The database answers sooner than a Redis that takes longer. */
export const REDIS_DEADLINE_MS = 250;
const CONNECT_MS = 500;
/** A socket on which nothing came for so long is dead: a ping goes out each second. */
const SOCKET_MS = 2000;
const PING_MS = 1000;
const MOST_BETWEEN_TRIES_MS = 1000;
const CLOSE_MS = 500;

/** One connection to a Redis that may be down, frozen or slow without its callers being so. */
export interface RedisLink extends Resource {
  /**
   * Sends a command.
   * @param budgetMs - Longest wait for the reply; {@link REDIS_DEADLINE_MS} unless told.
   * @throws {UnavailableError} When there is no reply in time, no connection, or none was tried since the last ones failed.
   */
  call<T>(command: (client: RedisClient) => Promise<T>, budgetMs?: number): Promise<T>;
}

export type RedisClient = ReturnType<typeof redisClient>;

/**
 * Connects in the background, and again whenever the connection is lost.
 * @param name - For messages, and as the connection's name in `CLIENT LIST`.
 */
export function connectRedis(url: string, { name, logger }: { name: string; logger: Logger }): RedisLink {
  const client = redisClient(url, name);
  const breaker = new CircuitBreaker();
  let lost = false;
  let again: Promise<unknown> | undefined;
  client.on('error', (error: Error) => {
    again = error instanceof SocketTimeoutError ? connectedAgain(client) : undefined;
    if (!lost) logger.error({ err: error }, `${name} is out of reach`);
    lost = true;
  });
  client.on('ready', () => {
    if (lost) logger.info(`${name} is back`);
    lost = false;
    again = undefined;
    breaker.succeeded(); // it has answered to the name and the password that every connection begins with
  });
  const broken = refusal(client, name);

  return {
    broken,
    async call(command, budgetMs = REDIS_DEADLINE_MS) {
      if (!breaker.lets()) throw new UnavailableError(`${name} is out of reach.`);
      try {
        const reply = await within(budgetMs, again ? again.then(() => command(client)) : command(client));
        breaker.succeeded();
        return reply;
      } catch (error) {
        // An error that Redis itself has sent shows that it is there.
        if (error instanceof ErrorReply) breaker.succeeded();
        else breaker.failed();
        throw new UnavailableError(`${name} did not answer.`, { cause: error });
      }
    },
    async close() {
      if (client.isReady) await within(CLOSE_MS, client.close()).catch(() => undefined);
      if (client.isOpen) client.destroy();
    },
  };
}

/**
 * The client takes a socket for dead on which nothing came for 2 s, also when it is this process that stood still. It connects
 * again in some 50 ms: whoever calls meanwhile waits for that, and is not refused for a Redis that was there all the time.
 * @returns A promise that rejects when the next try fails.
 */
function connectedAgain(client: RedisClient): Promise<unknown> {
  const ready = once(client, 'ready');
  ready.catch(() => undefined); // perhaps nobody calls
  return ready;
}

/** A client that is not connected yet, with the settings of every connection of the app. */
export function redisClient(url: string, name: string) {
  return createClient({
    url,
    name: name.replaceAll(' ', '-'),
    // Commands for a connection that isn't there would wait for it, and with them every request.
    disableOfflineQueue: true,
    disableClientInfo: true, // Redis 7.0 does not know that command
    // Its own time-out is an AbortSignal for each command, which stays until the garbage collector finds it.
    commandOptions: { timeout: 0 },
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SOCKET_MS,
      // At random, so that the boxes don't all come back in the same moment.
      reconnectStrategy: (tries) => Math.random() * Math.min(50 * 2 ** tries, MOST_BETWEEN_TRIES_MS),
    },
  });
}

/** @returns A promise of the reason why the first connection can never be had. */
function refusal(client: RedisClient, name: string): Promise<string> {
  return new Promise((resolve) => {
    const look = (error: Error) => {
      if (/^(WRONGPASS|NOAUTH|ERR AUTH|NOPERM)/.test(error.message)) resolve(`${name} refuses the password of its URL`);
    };
    client.on('error', look);
    client.once('ready', () => client.off('error', look));
    client.connect().catch(look);
  });
}

/** The end of a wait, in milliseconds, that a process which stood still has for itself; see {@link within}. */
const LAST_PART_MS = 20;

/**
 * The client has a time-out for commands, but it ends where they are written to the socket: a Redis that is frozen takes
 * them in and never answers. So the wait has an end of its own.
 *
 * When the process itself has stood still, such as for a long query of SQLite, timers run before what the sockets hold is
 * read: all waits would be over at once, Redis be given up for what it did not do, and the loads that follow keep the process
 * standing still. So the last part of a wait begins once timers run again, and ends after the sockets were read.
 */
function within<T>(ms: number, reply: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no reply within ${Math.round(ms)} ms`));
    let timer = setTimeout(() => {
      timer = setTimeout(() => setImmediate(late), LAST_PART_MS);
    }, ms - LAST_PART_MS);
    const ended = () => clearTimeout(timer);
    reply.then(resolve, reject);
    reply.then(ended, ended);
  });
}

/** A Lua script: Redis runs it as a whole, with no other command in between. */
export interface Script {
  text: string;
  sha: string;
}

export function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/**
 * Runs a script by its hash, and by its text where Redis does not know it (any more).
 * @see https://redis.io/docs/latest/develop/programmability/eval-intro/#evalsha-and-script-load
 */
export async function runScript(
  client: RedisClient,
  { text, sha }: Script,
  keys: string[],
  args: string[],
): Promise<unknown> {
  const options = { keys, arguments: args };
  try {
    return await client.evalSha(sha, options);
  } catch (error) {
    if (!(error instanceof ErrorReply) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(text, options);
  }
}
