import { Document, isMap, isPair, isScalar, visit } from 'yaml';
import type { Plan } from '../plans.ts';
import { type DatabaseService, databasesOf, LOCAL_PASSWORD, mail, type RedisService, redisesOf } from '../services.ts';

const HEAD = `# What the app needs to run on a developer's machine; .env.example has its addresses. Everything is reachable from this machine
# alone: the passwords are no secret.
#
#   docker compose up --detach --wait
`;

/** compose.yaml: the services of a project, and not the project itself. */
export function composeFile(plan: Plan): string {
  const redises = redisesOf(plan);
  const databases = databasesOf(plan);
  const kept = [...databases, ...redises.filter(({ droppable }) => !droppable)].map(({ name }) => name);
  const services = {
    mail: mailService(),
    ...Object.fromEntries(redises.map((redis) => [redis.name, redisService(redis)])),
    ...Object.fromEntries(databases.map((database) => [database.name, databaseService(plan, database)])),
  };
  const volumes = Object.fromEntries(kept.map((name) => [name, null]));
  const body = { services, ...(kept.length > 0 && { volumes }) };
  return HEAD + written(body);
}

/** As one writes it: commands in one line, and a blank line between services. */
function written(body: object): string {
  // Older readers of YAML take a bare `yes` for true.
  const document = new Document(body, { compat: 'yaml-1.1' });
  visit(document, {
    Seq(_key, list, path) {
      const owner = path.at(-1);
      list.flow = isPair(owner) && ['command', 'test', 'entrypoint'].includes(String(owner.key));
    },
  });
  for (const part of [document.contents, document.get('services')])
    if (isMap(part)) for (const { key } of part.items.slice(1)) if (isScalar(key)) key.spaceBefore = true;
  return document.toString({ lineWidth: 120, nullStr: '', flowCollectionPadding: false });
}

/** Keeps the mails, and shows them at port 8025. */
function mailService() {
  return {
    image: 'axllent/mailpit:latest',
    ports: [onThisMachine(mail.port, 1025), onThisMachine(mail.page, 8025)],
  };
}

function redisService({ name, port, droppable }: RedisService) {
  const keep = droppable
    ? ['--save', '', '--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru']
    : ['--save', '', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'];
  return {
    image: 'valkey/valkey:8',
    command: ['valkey-server', ...keep],
    ports: [onThisMachine(port, 6379)],
    ...(!droppable && { volumes: [`${name}:/data`] }),
    healthcheck: check(['valkey-cli', 'ping']),
  };
}

function databaseService({ database }: Plan, { name, port, follows }: DatabaseService) {
  const first = ['./infra/postgres/roles.sql:/docker-entrypoint-initdb.d/1-roles.sql:ro'];
  if (database === 'cluster')
    first.push('./infra/postgres/replication.sh:/docker-entrypoint-initdb.d/2-replication.sh:ro');
  const scripts = follows ? ['./infra/postgres/follow.sh:/follow.sh:ro'] : first;
  return {
    image: 'postgres:18',
    ...(follows && { command: ['bash', '/follow.sh'], entrypoint: [], user: 'postgres' }),
    environment: { POSTGRES_PASSWORD: LOCAL_PASSWORD, ...(follows && { PRIMARY: follows }) },
    ports: [onThisMachine(port, 5432)],
    volumes: [`${name}:/var/lib/postgresql`, ...scripts],
    ...(follows && { depends_on: { [follows]: { condition: 'service_healthy' } } }),
    healthcheck: check(['pg_isready', '--host', '127.0.0.1']),
  };
}

function onThisMachine(port: number, inside: number): string {
  return `127.0.0.1:${port}:${inside}`;
}

function check(command: string[]) {
  return { test: ['CMD', ...command], interval: '2s', timeout: '5s', retries: 30 };
}
