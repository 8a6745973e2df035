import type { Plan } from './plans.ts';
import type { Names } from './wording.ts';

/** Of every service of compose.yaml, which listens on this machine alone. */
export const LOCAL_PASSWORD = 'local-only';
/** Replicas and shards there are, together with the primary, or the first one. */
const DATABASES = 3;

/** A database of compose.yaml. */
export interface DatabaseService {
  name: string;
  port: number;
  /** Whom it copies. */
  follows?: string;
}

/** A Redis of compose.yaml. */
export interface RedisService {
  name: string;
  port: number;
  /** What holds only copies may drop some, and needs no disk. */
  droppable: boolean;
}

const MAIL_PORT = 1025;
const MAIL_PAGE_PORT = 8025;
const POSTGRES_PORT = 5432;
const REDIS_PORT = 6379;

/** The mail server that keeps what it gets: its port, and that of its page. */
export const mail = { port: MAIL_PORT, page: MAIL_PAGE_PORT };

/** The databases that a project needs. */
export function databasesOf({ database }: Plan): DatabaseService[] {
  if (database === 'sqlite') return [];
  if (database === 'postgres') return [{ name: 'postgres', port: POSTGRES_PORT }];
  return Array.from({ length: DATABASES }, (_, i) => ({
    name: `${database === 'shards' ? 'shard' : 'db'}-${i + 1}`,
    port: POSTGRES_PORT + i,
    ...(database === 'cluster' && i > 0 && { follows: 'db-1' }),
  }));
}

/** The Redis servers that a project needs. */
export function redisesOf({ has }: Plan): RedisService[] {
  const names = [has.cache && 'cache', has.sessions && 'sessions', has.queue && 'queue'].filter(
    (name) => name !== false,
  );
  return names.map((name, i) => ({ name, port: REDIS_PORT + i, droppable: name === 'cache' }));
}

/** What the variables of a project are with its own compose.yaml. */
export function localSettings(plan: Plan, { slug, database: name }: Names): Record<string, string> {
  const urls = (role: string) =>
    databasesOf(plan)
      .map(({ port }) => `postgres://${role}:${LOCAL_PASSWORD}@127.0.0.1:${port}/${name}`)
      .join(',');
  const owner = urls('owner');
  const redis = Object.fromEntries(redisesOf(plan).map(({ name: one, port }) => [one, `redis://127.0.0.1:${port}`]));
  return {
    SMTP_URL: `smtp://127.0.0.1:${MAIL_PORT}`,
    ...(plan.database === 'postgres' && { DATABASE_URL: urls('app'), DATABASE_OWNER_URL: owner }),
    ...(plan.database === 'cluster' && { DATABASE_URLS: urls('app'), DATABASE_OWNER_URL: owner.split(',')[0] ?? '' }),
    ...(plan.database === 'shards' && { SHARD_URLS: urls('app'), SHARD_OWNER_URLS: owner, ID_WORKER: '1' }),
    ...(redis.cache && { CACHE_URL: redis.cache }),
    ...(redis.sessions && { SESSION_URL: redis.sessions }),
    ...(redis.queue && { QUEUE_URL: redis.queue }),
    ...(plan.has.pictures && { IMAGES_URL: `file:///var/tmp/${slug}/pictures` }),
  };
}
