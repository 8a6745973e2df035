import { BadInput } from './bad-input.ts';
import type { SettledOptions } from './start-options.ts';

/** A box's ports by name; the first is its own. A single unnamed port is called `main`. */
export type PortMap = Record<string, Record<string, number>>;

/** What placeholders may stand for. */
export interface Surroundings {
  instance: string;
  data: string;
  logs: string;
  ports: PortMap;
  secrets: Record<string, string>;
  options: SettledOptions['choices'];
  /** The port that leads over each link. */
  links: Record<string, number>;
  /** What `${servers:<box>}` stands for now; undefined for a box without replicas. */
  servers: (box: string) => string | undefined;
  /** What `${targets:<box>}` stands for now; undefined for a box without that port. */
  targets: (box: string, port?: string) => string | undefined;
  /** Notes what was asked for. */
  asked: Set<string>;
}

/** What they stand for inside one box. */
export interface BoxSurroundings extends Surroundings {
  box: string;
  /** The folder of its rendered files. */
  conf: string;
  /** Its variables, filled in; what its files take over from them. */
  env?: Record<string, string>;
}

const PLACEHOLDER = /\$\{([^}]*)\}/g;
const ALLOWED = [
  'port:<box>',
  'port:<box>.<name>',
  'port:self',
  'port:self.<name>',
  'url:<box>',
  'servers:<box>',
  'targets:<box>',
  'targets:<box>.<port>',
  'link:<name>',
  'option:<name>',
  'option:<name>.<value>',
  'secret:<name>',
  'env:<name>',
  'data',
  'logs',
  'conf',
  'instance',
  'box',
]
  .map((inside) => `\${${inside}}`)
  .join(', ');

/** Names of the secrets that these values ask for. */
export function secretNames(values: string[]): string[] {
  const names = values.flatMap((value) =>
    [...value.matchAll(/\$\{secret:([a-z0-9-]+)\}/g)].map((match) => match[1] ?? ''),
  );
  return [...new Set(names)];
}

/**
 * Fills in the placeholders of one value.
 * @param where - Names the value in an error: `box app: env.PORT`.
 * @throws {BadInput} Naming the value, the unknown placeholder and the allowed ones.
 */
export function fillIn(text: string, where: string, around: Surroundings | BoxSurroundings): string {
  return text.replace(PLACEHOLDER, (whole, inside: string) => {
    around.asked.add(inside);
    const value = lookUp(inside, around);
    if (value === undefined) {
      const boxes = Object.keys(around.ports).join(', ');
      throw new BadInput(`${where}: unknown placeholder ${whole}; allowed: ${ALLOWED} (boxes with a port: ${boxes})`, {
        code: 'D90-TOPOLOGY',
      });
    }
    return value;
  });
}

/**
 * Variables of a box with all placeholders filled in.
 * @param where - Names them in an error: `env`.
 */
export function boxEnv(env: Record<string, string>, where: string, around: BoxSurroundings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([key, value]) => [key, fillIn(value, `box ${around.box}: ${where}.${key}`, around)]),
  );
}

/** The port a box is known by. */
export function firstPort(ports: PortMap, box: string): number | undefined {
  return Object.values(own(ports, box) ?? {})[0];
}

function lookUp(inside: string, around: Surroundings | BoxSurroundings): string | undefined {
  const [kind = '', name = ''] = inside.split(/:(.*)/s);
  switch (kind) {
    case 'port':
      return portOf('box' in around ? name.replace(/^self(?=\.|$)/, around.box) : name, around.ports)?.toString();
    case 'url': {
      const port = firstPort(around.ports, name);
      return port === undefined ? undefined : `http://127.0.0.1:${port}`;
    }
    case 'secret':
      return own(around.secrets, name);
    case 'link':
      return own(around.links, name)?.toString();
    case 'servers':
      return around.servers(name);
    case 'targets': {
      const [box = '', port] = name.split('.');
      return around.targets(box, port);
    }
    case 'env':
      return own(('env' in around && around.env) || {}, name);
    case 'option':
      return optionOf(name, around.options);
    default:
      return plain(inside, around);
  }
}

function plain(inside: string, around: Surroundings | BoxSurroundings): string | undefined {
  if (inside === 'data' || inside === 'logs' || inside === 'instance') return around[inside];
  if ('box' in around && (inside === 'box' || inside === 'conf')) return around[inside];
  return undefined;
}

function portOf(name: string, ports: PortMap): number | undefined {
  const [box = '', portName] = name.split('.');
  return portName === undefined ? firstPort(ports, box) : own(own(ports, box) ?? {}, portName);
}

function optionOf(name: string, options: SettledOptions['choices']): string | undefined {
  const [option = '', value] = name.split('.');
  const settled = own(options, option);
  return value === undefined ? settled?.chosen : own(settled?.values ?? {}, value);
}

/** Placeholders are texts of a file: `constructor` is none of our names. */
function own<V>(record: Record<string, V>, key: string): V | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
