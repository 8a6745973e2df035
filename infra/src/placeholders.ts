import { BadInput } from './bad-input.ts';
import type { Box } from './topology.ts';

/** A box's ports by name; the first is its own. A single unnamed port is called `main`. */
export type PortMap = Record<string, Record<string, number>>;

/** What placeholders may stand for. */
export interface Surroundings {
  instance: string;
  data: string;
  logs: string;
  ports: PortMap;
  secrets: Record<string, string>;
}

/** What they stand for inside one box. */
export interface BoxSurroundings extends Surroundings {
  box: string;
  /** The folder of its rendered files. */
  conf: string;
}

const PLACEHOLDER = /\$\{([^}]*)\}/g;
const ALLOWED =
  '${port:<box>}, ${port:<box>.<name>}, ${url:<box>}, ${data}, ${logs}, ${secret:<name>}, ${instance}, ${box}, ${conf}';

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
    const value = lookUp(inside, around);
    if (value === undefined) {
      const boxes = Object.keys(around.ports).join(', ');
      throw new BadInput(`${where}: unknown placeholder ${whole}; allowed: ${ALLOWED} (boxes with a port: ${boxes})`);
    }
    return value;
  });
}

/** A box's environment with all placeholders filled in. */
export function boxEnv(box: Box, extra: Record<string, string>, around: BoxSurroundings): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...box.env, ...extra }).map(([key, value]) => [
      key,
      fillIn(value, `box ${around.box}: env.${key}`, around),
    ]),
  );
}

/** The port a box is known by. */
export function firstPort(ports: PortMap, box: string): number | undefined {
  return Object.values(ports[box] ?? {})[0];
}

function lookUp(inside: string, around: Surroundings | BoxSurroundings): string | undefined {
  const [kind = '', name = ''] = inside.split(/:(.*)/s);
  if (kind === 'port') return portOf(name, around.ports)?.toString();
  if (kind === 'url') {
    const port = firstPort(around.ports, name);
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  }
  if (kind === 'secret') return around.secrets[name];
  if (inside === 'data' || inside === 'logs' || inside === 'instance') return around[inside];
  if ('box' in around && (inside === 'box' || inside === 'conf')) return around[inside];
  return undefined;
}

function portOf(name: string, ports: PortMap): number | undefined {
  const [box = '', portName] = name.split('.');
  return portName === undefined ? firstPort(ports, box) : ports[box]?.[portName];
}
