import { BadInput } from '../bad-input.ts';
import { type NamedBox, namedBoxes, portMap, runningNames } from '../box-names.ts';
import { serverLines, staticTargets } from '../box-settings.ts';
import { readTemplates } from '../conf-files.ts';
import { type BoxSurroundings, fillIn, type PortMap } from '../placeholders.ts';
import { settleOptions } from '../start-options.ts';
import type { Topology } from '../topology.ts';
import { inNetwork } from './in-network.ts';

/** Where a box finds its data and the files that were made for it, in its container. */
export const DATA = '/data';
export const CONF = '/etc/day90';

/** A box that runs in a container of its own, with all that it is told. */
export interface NetworkBox extends NamedBox {
  /** `run` and `prepare.run`, filled in. */
  argv: string[];
  prepare: { argv: string[]; env: Record<string, string> } | undefined;
  env: Record<string, string>;
  /** Its files by name. */
  files: Record<string, string>;
  ports: Record<string, number>;
  /** Whether it reads or writes what lies in {@link DATA}. */
  hasData: boolean;
}

/** What stands for a secret in all texts, until whoever writes them down says how it is had there. */
export const secretMark = (name: string) => `⟦${name}⟧`;
export const SECRET = /⟦([a-z0-9-]+)⟧/g;

/**
 * A topology in which each box is a host of its own, known by its name: what `start` would run, but for the launcher's own boxes
 * and for links, since there the distance is real.
 * @param folder - The stage's.
 */
export class Network {
  readonly topology: Topology;
  readonly boxes: NetworkBox[];
  readonly #folder: string;
  readonly #ports: PortMap;
  readonly #leftOut: string[];

  constructor(topology: Topology, folder: string) {
    this.topology = topology;
    this.#folder = folder;
    this.#ports = portMap(topology);
    const declared = Object.entries(topology.boxes);
    this.#leftOut = declared.filter(([, box]) => box.launcherOnly).map(([name]) => name);
    this.boxes = namedBoxes(topology, {})
      .filter(({ of }) => !this.#leftOut.includes(of))
      .map((box) => this.#filled(box));
  }

  /** Ports that a person is told of, or comes in by: the door's, and those in the topology's hello. */
  get visited(): { box: string; port: number }[] {
    const told = (this.topology.hello ?? []).join(' ').matchAll(/\$\{(?:url|port):([a-z0-9-]+)(?:\.([a-z0-9-]+))?\}/g);
    const all = [{ box: this.topology.door }, ...[...told].map(([, box = '', port]) => ({ box, port }))];
    return all.map(({ box, port }: { box: string; port?: string | undefined }) => {
      const ports = this.#ports[box] ?? {};
      return { box, port: (port === undefined ? Object.values(ports)[0] : ports[port]) ?? 0 };
    });
  }

  #filled(box: NamedBox): NetworkBox {
    const env = this.#texts(box, this.#known(box.box.env ?? {}), 'env');
    const files = this.#texts(box, readTemplates(box.name, box.box, this.#folder), 'files', env);
    const argv = Object.values(this.#texts(box, numbered(box.box.run), 'run', env));
    const { prepare } = box.box;
    const before = prepare && {
      argv: Object.values(this.#texts(box, numbered(prepare.run), 'prepare.run', env)),
      env: this.#texts(box, prepare.env ?? {}, 'prepare.env'),
    };
    const all = [...argv, ...Object.values(env), ...Object.values(files), ...(before?.argv ?? [])];
    const hasData = all.some((text) => text.includes(DATA)) || Object.values(before?.env ?? {}).includes(DATA);
    return { ...box, env, files, argv, prepare: before, ports: this.#ports[box.name] ?? {}, hasData };
  }

  /** What names a box that is left out says nothing here. */
  #known(env: Record<string, string>): Record<string, string> {
    const names = (value: string) => this.#leftOut.some((name) => value.includes(`:${name}}`));
    return Object.fromEntries(Object.entries(env).filter(([, value]) => !names(value)));
  }

  #texts(box: NamedBox, texts: Record<string, string>, where: string, env?: Record<string, string>) {
    const around = this.#surroundings(box, env);
    return Object.fromEntries(
      Object.entries(inNetwork(texts, box, this.topology)).map(([key, text]) => [
        key,
        fillIn(text, `box ${box.name}: ${where}.${key}`, around),
      ]),
    );
  }

  #surroundings({ name }: NamedBox, env: Record<string, string> = {}): BoxSurroundings {
    const { topology } = this;
    const around: BoxSurroundings = {
      ...{ instance: topology.stage, data: DATA, logs: '/tmp', conf: CONF, box: name, env },
      ports: this.#ports,
      secrets: new Proxy({}, SECRETS),
      // Debian's Varnish, which the image has, purges by key; the topology's own default is this machine's.
      options: settleOptions(topology, topology.options?.purge ? { purge: 'xkey' } : {}).choices,
      links: {},
      servers: (of) => {
        const declared = topology.boxes[of];
        if (!declared?.replicas) return undefined;
        const names = runningNames(of, declared);
        return named(serverLines(of, declared, names, around).split('\n'), names).join('\n');
      },
      targets: (of, port) => {
        const declared = topology.boxes[of];
        if (!declared) return undefined;
        const names = runningNames(of, declared);
        const text = staticTargets(names, port, this.#ports);
        if (text === undefined) throw new BadInput(`targets of ${of}: it has no port ${port ?? ''}`);
        const one: { targets: string[]; labels: { instance: string } }[] = JSON.parse(text);
        return JSON.stringify(
          one.map(({ targets, labels }) => ({ targets: named(targets, [labels.instance]), labels })),
        );
      },
      asked: new Set(),
    };
    return around;
  }
}

function numbered(argv: string[]): Record<string, string> {
  return Object.fromEntries(argv.map((arg, i) => [i, arg]));
}

/** Every name is a secret's. */
const SECRETS: ProxyHandler<Record<string, string>> = {
  getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: '' }),
  get: (_, name) => secretMark(String(name)),
};

/** Addresses of this machine, each by the name of who is there. */
function named(texts: string[], names: string[]): string[] {
  return texts.map((text, i) => text.replace('127.0.0.1', names[i] ?? ''));
}
