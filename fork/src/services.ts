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

/** The port of a service, by its name in compose.yaml. */
type PortOf = (service: string) => number | undefined;

/** The ports that compose.yaml has. */
export function localPorts(plan: Plan): PortOf {
  const ports = new Map([...databasesOf(plan), ...redisesOf(plan)].map(({ name, port }) => [name, port]));
  return (service) => (service === 'mail' ? mail.port : ports.get(service));
}

/** What the variables of a project are where its services listen on these ports of this machine. */
export function serviceSettings(plan: Plan, { slug, database: name }: Names, portOf: PortOf): Record<string, string> {
  const owner = urlsOf(plan, `owner:${LOCAL_PASSWORD}`, name, portOf);
  const app = urlsOf(plan, `app:${LOCAL_PASSWORD}`, name, portOf);
  const redis = (service: string) => `redis://127.0.0.1:${portOf(service)}`;
  return {
    SMTP_URL: `smtp://127.0.0.1:${portOf('mail')}`,
    ...(plan.database === 'postgres' && { DATABASE_URL: app.join(), DATABASE_OWNER_URL: owner.join() }),
    ...(plan.database === 'cluster' && { DATABASE_URLS: app.join(), DATABASE_OWNER_URL: owner[0] ?? '' }),
    ...(plan.database === 'shards' && { SHARD_URLS: app.join(), SHARD_OWNER_URLS: owner.join(), ID_WORKER: '1' }),
    ...(plan.has.cache && { CACHE_URL: redis('cache') }),
    ...(plan.has.sessions && { SESSION_URL: redis('sessions') }),
    ...(plan.has.queue && { QUEUE_URL: redis('queue') }),
    ...(plan.has.pictures && { IMAGES_URL: `file:///var/tmp/${slug}/pictures` }),
  };
}

function urlsOf(plan: Plan, login: string, database: string, portOf: PortOf): string[] {
  return databasesOf(plan).map(({ name }) => `postgres://${login}@127.0.0.1:${portOf(name)}/${database}`);
}
