import type { Plan, Process } from '../plans.ts';
import { mail } from '../services.ts';
import type { Names } from '../wording.ts';

/** What is in a folder of `src/`, for the folders that may be there. */
const FOLDERS: Record<string, string> = {
  board: "the queues' page for admins",
  cache: 'the Redis cache: single flight, stale while it is renewed, invalidation that races nothing',
  cluster: 'primary and replicas: who is which, who may be read, reading one’s own writes',
  domain: 'types, ports, errors, and the context of a request',
  edge: 'what CDN edges may keep, and telling them what is over; static files with lasting names',
  http: 'routes, sessions, problems (RFC 9457), the OpenAPI document',
  jobs: 'work that belongs to a request but not to its answer',
  memory: 'what a process keeps for itself',
  metrics: 'what a process tells of itself, for Prometheus',
  migrations: 'the schema, step by step',
  passwords: 'argon2id, and the passwords that everybody tries first',
  pictures: 'taking, drawing anew and keeping pictures',
  postgres: 'the pool, transactions, errors, and whether the server is there',
  process: 'the life of a process: configuration, start, drain, end',
  sessions: 'sessions in Redis',
  shards: 'which shard has what, and what spans several of them',
  shedding: 'refusing what could not be answered in time',
  sql: 'the repositories, on whichever SQL database',
  sqlite: 'the SQLite file',
};

const PROCESSES: Record<Process, [command: string, does: string]> = {
  main: ['npm start', 'answers requests, at <http://127.0.0.1:3000/posts>'],
  relay: ['npm run start:relay', 'takes jobs from the outbox to the queue'],
  worker: ['npm run start:worker', 'does the jobs'],
  board: ['npm run start:board', 'shows the queues to admins, at <http://127.0.0.1:3003/queues>'],
};

/** README.md of a project. @param folders - Those of `src/` that it has. */
export function readme(plan: Plan, names: Names, folders: string[]): string {
  return [
    `# ${names.package}`,
    plan.about,
    start(plan),
    processes(plan),
    layout(plan, folders),
    deploying(plan),
    LICENCE,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function start({ database }: Plan): string {
  const commands = [
    'npm install               # then commit package-lock.json: CI and the image are made by it',
    'cp .env.example .env',
    'docker compose up --detach --wait',
    ...(database === 'sqlite' ? [] : ['npm run migrate']),
    'npm start',
  ];
  const without = 'Without Docker, start the services of `compose.yaml` as you like and say in `.env` where they are.';
  return `## Start

Needs Node 24.7 or later: it runs TypeScript as it is, so there is no build.

\`\`\`sh
${commands.join('\n')}
\`\`\`

${without} Mails are kept by the mail server there, and shown at <http://127.0.0.1:${mail.page}>. \`GET /openapi.json\` tells all that the app answers.`;
}

function processes({ processes: all, has, database }: Plan): string {
  if (all.length === 1) return '';
  const rows = all.map((name) => `| \`${PROCESSES[name][0]}\` | ${PROCESSES[name][1]} |`);
  const metrics = has.metrics
    ? ' Each tells its metrics at `/metrics` on `METRICS_PORT`, which no proxy should lead to.'
    : '';
  return `## Processes

| command | does |
| --- | --- |
${rows.join('\n')}

There may be any number of each. Requests are answered without the others; their jobs wait in the table \`outbox\`.${metrics}
${database === 'cluster' ? '\nA member is made an admin by the owner of the tables: `INSERT INTO admins (user_id) VALUES (1)`.' : ''}`.trimEnd();
}

function layout(plan: Plan, folders: string[]): string {
  const rows = folders.map((name) => `| \`src/${name}/\` | ${FOLDERS[name]} |`);
  return `## Where things are

\`src/app.ts\` puts the app together, one line for each part: begin there. \`.env.example\` has every setting.

| folder | what is in it |
| --- | --- |
${rows.join('\n')}
| \`test/\` | what the app must answer over HTTP, asked of the app as it runs, on the services of \`.env\`; \`test/unit/\` needs none |
| \`load/\` | visitors for k6: \`k6 run load/reads.ts\` |
${plan.database === 'sqlite' ? '' : '| `infra/` | what makes the databases of `compose.yaml` |\n'}
\`npm run check\` checks types, lint and format, \`npm test\` runs the tests. They write into the database of \`.env\`${plan.database === 'sqlite' ? ', but for SQLite, of which they make a new file' : ': give them one of their own'}.`;
}

function deploying({ has, database }: Plan): string {
  const points = [
    `\`docker build .\` makes an image that runs as an ordinary user and writes to ${database === 'sqlite' ? 'its volume' : 'no file of its own'}` +
      (has.queue
        ? '; the other processes are the same image with another command, such as `node src/worker.ts`.'
        : '.'),
    'Behind a proxy that ends TLS, set `PUBLIC_URL` to what visitors see and `TRUSTED_PROXIES` to the number of proxies.',
    '`/livez` tells whether the process lives, `/readyz` whether it should get requests. On SIGTERM it first says that it is not ready, for `DRAIN_MS`, then ends what is under way.',
    ...(database === 'sqlite'
      ? ['The database is the file `SQLITE_PATH`: one process has it, and its disk is to be backed up.']
      : ['`npm run migrate` comes before the processes that need it; the role of the app may change no table.']),
    ...(database === 'cluster'
      ? [
          '`DATABASE_URLS` names all databases in any order: which is the primary they tell themselves, also after a failover.',
        ]
      : []),
    ...(database === 'shards'
      ? [
          'No two processes may have the same `ID_WORKER`. `SHARD_URLS` is in the order that the shards were made in.',
          'A database that is added later gets no members by itself: moving buckets to it is not part of this project.',
        ]
      : []),
    ...(has.pictures
      ? [
          '`IMAGES_URL` names a folder that all processes share, or a bucket: `https://<access key>:<secret>@<host>/<bucket>`.',
          'Public answers carry `s-maxage` and, for a cache that can purge by tag, `xkey`. `EDGE_URLS` names caches that take `PURGE` with `X-Purge-Key` and `X-Purge-Tags`; with none nobody has to be told.',
        ]
      : []),
  ];
  return `## Deploy\n\n${points.map((point) => `- ${point}`).join('\n')}`;
}

const LICENCE = `## Licence

MIT, see [LICENSE](LICENSE): it covers the code this project began with, and asks that its notice stays. What you write is yours.`;
