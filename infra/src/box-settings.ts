import { join } from 'node:path';
import { freshLog } from './box-log.ts';
import type { NamedBox } from './box-names.ts';
import { readTemplates, renderFiles } from './conf-files.ts';
import { boxEnv, fillIn, firstPort, type PortMap, type Surroundings } from './placeholders.ts';
import type { RunFolder } from './run-folder.ts';
import type { Box } from './topology.ts';
import { unprivilegedUser } from './unprivileged.ts';

/** What a box is started with. */
export interface BoxSettings {
  name: string;
  /** The topology's name for it, which its replicas share. */
  of: string;
  box: Box;
  /** `run` and `env` with all placeholders filled in. */
  argv: string[];
  env: Record<string, string>;
  /** What is run before each start, and where. */
  prepare: { argv: string[]; env: Record<string, string>; cwd: string } | undefined;
  /** Writes the files that the box reads; called before each start. @returns Whether any is another than before. */
  render: () => boolean;
  port: number | undefined;
  /** All of them by name. */
  ports: Record<string, number>;
  cwd: string;
  /** Whom it runs as, where that is not who started it. */
  user: { uid: number; gid: number } | undefined;
  /** Gets all the box writes, as it comes. */
  log: string;
}

/** What the boxes of a run have in common. */
export interface RunGround {
  run: RunFolder;
  /** The stage's folder. */
  folder: string;
  /** Settings by box, or by all replicas of one, that win over the topology's. */
  env: Record<string, Record<string, string>>;
  around: Surroundings;
}

/** All texts of a box that may hold placeholders. */
export function boxTexts({ name, of, box }: NamedBox, folder: string, env: RunGround['env']): string[] {
  const { server = '', firstServer = '' } = box.replicas ?? {};
  const templates = Object.values(readTemplates(name, box, folder));
  const before = [...(box.prepare?.run ?? []), ...Object.values(box.prepare?.env ?? {})];
  const values = Object.values({ ...box.env, ...env[of], ...env[name] });
  return [...box.run, ...values, ...before, ...templates, server, firstServer];
}

/**
 * What a box is started with. Renders its files once, so that a wrong placeholder is found before anything runs.
 * @throws {BadInput} For a placeholder or a template that is not there.
 */
export function boxSettings({ name, of, box }: NamedBox, ground: RunGround): BoxSettings {
  const { run, folder, env } = ground;
  const named = { ...ground.around, box: name, conf: join(run.conf, name) };
  const filled = boxEnv({ ...box.env, ...env[of], ...env[name] }, 'env', named);
  const around = { ...named, env: filled };
  const user = box.unprivileged ? unprivilegedUser() : undefined;
  const render = () => renderFiles(box, folder, around, user);
  render();
  return {
    name,
    of,
    box,
    argv: box.run.map((arg, i) => fillIn(arg, `box ${name}: run.${i}`, around)),
    env: filled,
    prepare: box.prepare && {
      argv: box.prepare.run.map((arg, i) => fillIn(arg, `box ${name}: prepare.run.${i}`, around)),
      env: boxEnv(box.prepare.env ?? {}, 'prepare.env', around),
      cwd: folder,
    },
    render,
    port: knownPort(box, around.ports[name]),
    ports: around.ports[name] ?? {},
    cwd: user ? run.data : folder, // it may have no way into the stage's folder
    user,
    log: freshLog(run, name),
  };
}

/**
 * The port that a box is known by, and asked on whether it is ready: the first that it declares. Among the ports kept for it, those of
 * links that do not delay may come before.
 */
function knownPort({ port }: Box, ports: Record<string, number> | undefined): number | undefined {
  const [first = 'main'] = typeof port === 'object' ? Object.keys(port) : [];
  return ports?.[first];
}

/** One line for each replica: what nginx's `upstream` reads. */
export function serverLines(of: string, box: Box, names: string[], around: Surroundings): string {
  const { server = '', firstServer = '' } = box.replicas ?? {};
  const parameters = (first: boolean) =>
    fillIn(first ? `${server} ${firstServer}` : server, `box ${of}: replicas`, around).trim();
  return names
    .map((name, i) => ['server', `127.0.0.1:${firstPort(around.ports, name)}`, parameters(i === 0)])
    .map((words) => `${words.filter((word) => word !== '').join(' ')};`)
    .join('\n');
}

/**
 * One target for each replica, labelled with its name: what Prometheus' `static_configs` reads. JSON, which YAML is, too.
 * @param port - The name of the port that is scraped; a box's own unless told.
 * @returns Undefined where a box has no such port.
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#static_config
 */
export function staticTargets(names: string[], port: string | undefined, ports: PortMap): string | undefined {
  const targets = names.map((name) => {
    const number = port === undefined ? firstPort(ports, name) : ports[name]?.[port];
    return { targets: number === undefined ? [] : [`127.0.0.1:${number}`], labels: { instance: name } };
  });
  const all = targets.length > 0 && targets.every(({ targets: [address] }) => address !== undefined);
  return all ? JSON.stringify(targets) : undefined;
}
