import { z } from 'zod';

/** The value that examples show: an app that is reachable from elsewhere refuses to start with it. */
const SAMPLE_SECRET = 'replace-this-sample-secret-with-32-random-bytes';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const count = (initial: number) => z.coerce.number().int().positive().default(initial);

/** Variables of every process, whether it serves or works. */
export const processEnv = {
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('Port to listen on; 0 takes a free one'),
  BOX: z.string().default('app-1').describe('Name of this process, sent as X-Served-By and in each line of its log'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level logged'),
};

/** Variables of every process that serves. Units are part of the names. */
export const serverEnv = {
  ...processEnv,
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://localhost')
    .refine(
      (url) => url.startsWith('https:') || LOOPBACK.has(new URL(url).hostname),
      'must be https unless it names this machine',
    )
    .describe('Where visitors reach the app; https turns on secure cookies and HSTS'),
  TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('Proxies in front, whose X-Forwarded-* is believed; one too many, and visitors choose their own address'),
  SESSION_SECRETS: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(z.string().min(32, 'each secret needs 32 characters or more')).min(1))
    .describe('Secrets that sign cookies, comma-separated: the first signs, all are accepted'),
  DRAIN_MS: z.coerce.number().int().min(0).default(1500).describe('Time between "not ready" and the end of listening'),
  DRAIN_DEADLINE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(10_000)
    .describe('Time that requests under way have after that'),
  LOGIN_TURNS_PER_MINUTE: count(5).describe('Logins a minute for one account'),
  LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: count(20).describe('Logins a minute from one address'),
  SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: count(5).describe('Signups an hour from one address'),
  UPLOAD_TURNS_PER_HOUR: count(30).describe('Pictures an hour from one member, where any are taken'),
};

/** Variables of the mail that signup sends. */
export const mailEnv = {
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .default('smtp://127.0.0.1:1025')
    .describe('Mail server'),
  MAIL_FROM: z.email().default('hello@day90.test').describe('Sender of the mails'),
};

export type ServerConfig = z.infer<z.ZodObject<typeof serverEnv>>;
export type ProcessConfig = z.infer<z.ZodObject<typeof processEnv>>;

/** Every problem of a configuration, one a line. */
export class ConfigError extends Error {}

/**
 * Reads a configuration from environment variables.
 * @param schema - A `z.object({ ...serverEnv, … })`.
 * @throws {ConfigError} With all problems at once: variable, what is wrong, what it is for.
 */
export function parseConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): z.infer<S> {
  // An empty variable is how shells and compose files say "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => describe(schema, issue));
  const reachable = given.PUBLIC_URL?.startsWith('https:') || !LOOPBACK.has(given.HOST ?? 'localhost');
  if (given.SESSION_SECRETS?.includes(SAMPLE_SECRET) && reachable) {
    problems.push('SESSION_SECRETS: is the sample value, which everybody knows');
  }
  // TLS ends in a proxy. Not believed when it says so, no browser would ever be given the session's Secure cookie.
  if (parsed.success && given.PUBLIC_URL?.startsWith('https:') && parsed.data.TRUSTED_PROXIES === 0) {
    problems.push('TRUSTED_PROXIES: must be 1 or more when PUBLIC_URL is https, or no session cookie is ever set');
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems.join('\n'));
  return parsed.data;
}

/**
 * The configuration of this process, from its environment.
 * @returns `undefined` when it is not valid: its problems are written out, and the process will exit with 1.
 */
export function ownConfig<S extends z.ZodObject>(schema: S): z.infer<S> | undefined {
  try {
    return parseConfig(schema, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`The configuration is not valid:\n${error.message}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

function describe(schema: z.ZodObject, issue: z.core.$ZodIssue): string {
  const name = String(issue.path[0]);
  const meaning = (schema.shape[name] as z.ZodType | undefined)?.description;
  return `${name}: ${issue.message}${meaning ? ` (${meaning})` : ''}`;
}
