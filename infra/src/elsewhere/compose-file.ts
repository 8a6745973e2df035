import { Scalar, stringify } from 'yaml';
import type { Topology } from '../topology.ts';
import { type ComposeService, composeService, seedService } from './compose-service.ts';
import { watchFiles, watchServices } from './compose-watch.ts';
import { CONF, Network, type NetworkBox, SECRET } from './network.ts';

/** A compose file, as far as these have any of it. https://github.com/compose-spec/compose-spec/blob/main/spec.md */
export interface ComposeFile {
  name: string;
  services: Record<string, ComposeService>;
  configs?: Record<string, { content: string } | { file: string }>;
  volumes: Record<string, Record<string, never>>;
}

/**
 * The compose file of a topology: a service for each box, under its name and on its port.
 * @param folder - The stage's, from the workspace: `stages/day1-sqlite`.
 */
export function composeFile(topology: Topology, root: string, folder: string): ComposeFile {
  const network = new Network(topology, `${root}/${folder}`);
  const configs = new Configs();
  const services = network.boxes.map((box) => {
    const service = composeService(box, network, folder);
    const files = Object.entries(box.files);
    if (files.length === 0) return [box.name, service] as const;
    const mounted = files.map(([file, text]) => ({
      source: configs.nameOf(box, file, text),
      target: `${CONF}/${file}`,
    }));
    return [box.name, { ...service, configs: mounted }] as const;
  });
  const isWatched = 'prometheus' in topology.boxes;
  return {
    name: `day90-${topology.stage}`,
    services: {
      ...(topology.data && { seed: seedService(topology.data, folder) }),
      ...Object.fromEntries(services),
      ...(isWatched && watchServices(network)),
    },
    ...withConfigs({ ...configs.all, ...(isWatched && watchFiles) }),
    volumes: { data: {}, ...(isWatched && { loki: {}, grafana: {} }) },
  };
}

function withConfigs(configs: NonNullable<ComposeFile['configs']>): Pick<ComposeFile, 'configs'> {
  return Object.keys(configs).length > 0 ? { configs } : {};
}

/** Texts of files, each once: boxes of a kind have most of theirs in common. */
class Configs {
  readonly all: Record<string, { content: string }> = {};

  nameOf(box: NetworkBox, file: string, text: string): string {
    const content = withoutComments(text);
    const name = `${box.of}-${file}`.replaceAll('.', '-');
    const taken = this.all[name];
    if (taken && taken.content !== content) {
      this.all[`${box.name}-${name}`] = { content };
      return `${box.name}-${name}`;
    }
    const same = Object.entries(this.all).find(([, one]) => one.content === content)?.[0];
    if (same !== undefined) return same;
    this.all[name] = { content };
    return name;
  }
}

/** Lines that say why: they stand in the stage, in the file that this one was made of. */
function withoutComments(text: string): string {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line));
  return lines
    .filter((line, i) => line.trim() !== '' || (lines[i - 1] ?? '').trim() !== '')
    .join('\n')
    .trim()
    .concat('\n');
}

/** As YAML: a secret is a variable that must be set, and any other `$` is one. */
export function composeYaml(file: ComposeFile, header: string): string {
  const text = stringify(inVariables(file), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
  return `${header.replace(/^/gm, '# ').replace(/ +$/gm, '')}\n${text}`;
}

function inVariables(value: unknown): unknown {
  if (typeof value === 'string') return scalar(withVariables(value));
  if (Array.isArray(value)) return value.map(inVariables);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inVariables(one)]));
}

function scalar(text: string): string | Scalar {
  if (!text.includes('\n')) return text;
  const block = new Scalar(text);
  block.type = Scalar.BLOCK_LITERAL;
  return block;
}

/** The name of a secret's variable: `SECRET_DB_APP`. */
export function secretVariable(name: string): string {
  return `SECRET_${name.toUpperCase().replaceAll('-', '_')}`;
}

function withVariables(text: string): string {
  const asked = text.replaceAll('$', '$$$$').replace(SECRET, (_, name: string) => `\${${secretVariable(name)}:?}`);
  return asked.replaceAll('$${SCALE:-medium}', '${SCALE:-medium}');
}
