import type { Data } from '../topology.ts';
import { type Healthcheck, healthOf } from './compose-health.ts';
import { imageOf, type OwnTarget, programIn } from './images.ts';
import { CONF, DATA, type Network, type NetworkBox, secretMark } from './network.ts';

/** One service of a compose file. */
export interface ComposeService {
  image: string;
  build?: { context: string; dockerfile: string; target: OwnTarget };
  user?: string;
  working_dir?: string;
  entrypoint?: string[];
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: Healthcheck;
  ports?: string[];
  volumes?: string[];
  configs?: { source: string; target: string }[];
  cpus?: number;
  read_only?: boolean;
  tmpfs?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  restart?: string;
  stop_signal?: string;
  stop_grace_period?: string;
}

/** Of the image's user `node`. Everybody is that user: they share a volume, and Postgres lets nobody else into its folder. */
const USER = '1000:1000';
/** Nothing that a box does needs a right of root, or a new one. */
const CONFINED: Pick<ComposeService, 'cap_drop' | 'security_opt'> = {
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
};
const STOP_MS = 12_000;
const VOLUME = [`data:${DATA}`];

/** The service of a box. What it depends on is healthy, or done, when it starts. */
export function composeService(box: NetworkBox, network: Network, folder: string): ComposeService {
  const { declared, program, isOwn, image } = rootOf(box);
  const visited = network.visited.filter((one) => one.box === box.of).map(({ port }) => `127.0.0.1:${port}:${port}`);
  const health = healthOf(box);
  return {
    ...image,
    user: USER,
    ...(isOwn && { working_dir: `/day90/${folder}` }),
    ...commandOf(box, program),
    ...environmentOf(box),
    ...dependsOn(box, network),
    ...(health && { healthcheck: health }),
    ...(visited.length > 0 && { ports: [...new Set(visited)] }),
    ...(box.hasData && { volumes: VOLUME }),
    ...(declared.cpu !== undefined && { cpus: declared.cpu }),
    // Compose copies a config's text into the container, which a root file system that is read-only forbids.
    ...(Object.keys(box.files).length === 0 && { read_only: true }),
    tmpfs: ['/tmp'],
    ...CONFINED,
    restart: 'unless-stopped',
    ...(declared.stopSignal && { stop_signal: declared.stopSignal }),
    stop_grace_period: `${Math.ceil((declared.stopTimeoutMs ?? STOP_MS) / 1000)}s`,
  };
}

/** Makes the seeded data, unless it is there. */
export function seedService(data: Data, folder: string): ComposeService {
  const load = data.load.map(quoted).join(' ');
  const env = Object.entries(data.env ?? {}).map(([key, value]) => [
    key,
    value.replace(/\$\{secret:([a-z0-9-]+)\}/g, (_, name) => secretMark(name)),
  ]);
  return {
    ...ownImage('app'),
    user: USER,
    working_dir: `/day90/${folder}`,
    entrypoint: ['sh', '-c'],
    command: [`test -e ${DATA}/seeded || { rm -rf ${DATA}/* && ${load} && touch ${DATA}/seeded; }`],
    environment: { ...Object.fromEntries(env), DATA_DIR: DATA, SCALE: '${SCALE:-medium}' },
    volumes: VOLUME,
    read_only: true,
    tmpfs: ['/tmp'],
    ...CONFINED,
  };
}

function rootOf(box: NetworkBox) {
  const program = box.argv[0] ?? '';
  const found = imageOf(program, box.box.role);
  const isOwn = 'target' in found;
  return { declared: box.box, program, isOwn, image: isOwn ? ownImage(found.target) : { image: found.image } };
}

function ownImage(target: OwnTarget): Pick<ComposeService, 'image' | 'build'> {
  return { image: `day90-${target}`, build: { context: '../..', dockerfile: 'infra/Dockerfile', target } };
}

/** What prepares a box is run before each of its starts, as the launcher does. */
export function commandOf(
  { argv, prepare }: NetworkBox,
  program = argv[0] ?? '',
): Pick<ComposeService, 'entrypoint' | 'command'> {
  const args = program === 'nginx' ? NGINX : argv.slice(1);
  if (!prepare) return { entrypoint: [programIn(program)], command: args };
  const env = Object.entries(prepare.env).map(([key, value]) => `${key}=${quoted(value)}`);
  const before = [...env, ...prepare.argv.map(quoted)].join(' ');
  return {
    entrypoint: ['sh', '-c'],
    command: [`${before} && exec ${[programIn(program), ...args].map(quoted).join(' ')}`],
  };
}

/** It writes beside its configuration as the launcher starts it, and may not here. */
const NGINX = ['-e', 'stderr', '-p', '/tmp', '-c', `${CONF}/nginx.conf`];

function environmentOf({ argv, env, name }: NetworkBox): Pick<ComposeService, 'environment'> {
  const [program, script = ''] = argv;
  const own: Record<string, string> = program === 'node' ? { HOST: '0.0.0.0' } : {};
  if (script.endsWith('-sink.ts')) own.HOST_NAME = name;
  // What only its files took over is in them.
  const all = program === 'varnishd' ? {} : { ...env, ...own };
  return Object.keys(all).length > 0 ? { environment: all } : {};
}

function dependsOn(box: NetworkBox, network: Network): Pick<ComposeService, 'depends_on'> {
  const after = (box.box.after ?? []).flatMap((of) => network.boxes.filter((one) => one.of === of));
  // A replica that holds data is made from the first one.
  const first = box.box.prepare && box.box.replicas && network.boxes.find(({ of }) => of === box.of);
  const before = first && first.name !== box.name ? [...after, first] : after;
  const conditions = before.map((one) => [
    one.name,
    { condition: healthOf(one) ? 'service_healthy' : 'service_started' },
  ]);
  const seed = box.hasData && network.topology.data ? { seed: { condition: 'service_completed_successfully' } } : {};
  const all = { ...seed, ...Object.fromEntries(conditions) };
  return Object.keys(all).length > 0 ? { depends_on: all } : {};
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
