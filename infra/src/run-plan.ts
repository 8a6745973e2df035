import { BadInput } from './bad-input.ts';
import { LINKS, type NamedBox, namedBoxes, runningNames } from './box-names.ts';
import type { BoxSettings } from './box-settings.ts';
import { boxSettings, boxTexts, type RunGround, serverLines, staticTargets } from './box-settings.ts';
import { keepCount } from './kept-counts.ts';
import { fillIn, firstPort, type PortMap, secretNames } from './placeholders.ts';
import { choosePorts } from './ports.ts';
import { refuseUnused } from './refuse-unused.ts';
import type { RunFolder } from './run-folder.ts';
import { checkCount } from './scale-bounds.ts';
import { secrets } from './secrets.ts';
import { type SettledOptions, settledNumbers, settleOptions } from './start-options.ts';
import type { Topology } from './topology.ts';

/** What a run is to be like; see LaunchOptions. */
interface Wishes {
  workspace: string;
  instance: string;
  run: RunFolder;
  folder: string;
  ports?: 'default' | 'free' | number | undefined;
  env?: Record<string, Record<string, string>> | undefined;
  options?: Record<string, string> | undefined;
  replicas?: Record<string, number> | undefined;
}

/**
 * What a run consists of, worked out before anything of it runs; and which replicas are at work at any time after that.
 */
export class RunPlan {
  readonly topology: Topology;
  readonly ports: PortMap;
  readonly settings: BoxSettings[];
  readonly hello: string[];
  /** As ready.json lists them. */
  readonly links: { from: string; to: string; rttMs: number; port: number }[];
  readonly #ground: RunGround;
  readonly #names = new Map<string, string[]>();

  private constructor(topology: Topology, boxes: NamedBox[], settled: SettledOptions, ground: RunGround) {
    this.topology = topology;
    this.ports = ground.around.ports;
    for (const { of, name } of boxes) this.#names.set(of, [...(this.#names.get(of) ?? []), name]);
    this.#ground = { ...ground, around: { ...ground.around, ...this.#lists() } };
    this.settings = boxes.map((box) => boxSettings(box, this.#ground));
    this.hello = (topology.hello ?? []).map((line) => fillIn(line, 'hello', this.#ground.around));
    this.links = Object.entries(topology.links ?? {}).map(([name, { from, to }]) => ({
      from,
      to,
      rttMs: settled.rtts[name] ?? 0,
      port: ground.around.links[name] ?? 0,
    }));
    refuseUnused(topology, ground.around.asked);
  }

  /** @throws {BadInput} For all that can be found wrong without starting a process. */
  static async make(topology: Topology, wishes: Wishes): Promise<RunPlan> {
    const { workspace, instance, run, folder, env = {}, replicas = {} } = wishes;
    const settled = settleOptions(topology, wishes.options);
    for (const [of, count] of Object.entries(replicas)) checkCount(of, boxOf(topology, of), count);
    const boxes = namedBoxes(topology, settled.rtts, replicas);
    for (const name of Object.keys(env)) {
      if (boxes.some((box) => box.name === name || box.of === name)) continue;
      throw new BadInput(`settings for box ${name}: boxes are ${boxes.map((box) => box.name).join(', ')}`);
    }
    const ports = await choosePorts(
      topology,
      wishes.ports ?? 'default',
      boxes.map(({ name }) => name),
    );
    const texts = [...boxes.flatMap((box) => boxTexts(box, folder, env)), ...(topology.hello ?? [])];
    const around = {
      instance,
      data: run.data,
      logs: run.logs,
      ports,
      secrets: await secrets(workspace, secretNames(texts)),
      options: settled.choices,
      links: linkPorts(topology, settled.rtts, ports),
      servers: () => undefined,
      targets: () => undefined,
      asked: new Set<string>(),
    };
    return new RunPlan(topology, boxes, settled, { run, folder, env, around });
  }

  /** The replicas at work. */
  namesOf(of: string): string[] {
    return this.#names.get(of) ?? [];
  }

  /** The names of so many replicas. */
  namesFor(of: string, count: number): string[] {
    return runningNames(of, boxOf(this.topology, of), count);
  }

  /** From the next rendering on these replicas are at work; from the next start on, too, where they hold data of their own. */
  setNames(of: string, names: string[]): void {
    this.#names.set(of, names);
    if (this.topology.boxes[of]?.replicas?.kept) keepCount(this.#ground.run, of, names.length);
  }

  /**
   * From the next rendering on these options have these numbers.
   * @returns Those they had.
   * @throws {BadInput} For an option that is no number of this topology, or a number out of its bounds; none is set then.
   */
  setNumbers(numbers: Record<string, number>): Record<string, number> {
    const { options } = this.#ground.around;
    const before = Object.fromEntries(Object.keys(numbers).map((name) => [name, Number(options[name]?.chosen)]));
    Object.assign(options, settledNumbers(this.topology, numbers));
    return before;
  }

  /** What another replica is started with. */
  settingsOf(of: string, name: string): BoxSettings {
    const like = this.settings.find((settings) => settings.of === of);
    return boxSettings({ of, name, box: like?.box ?? boxOf(this.topology, of) }, this.#ground);
  }

  /** What stands for the replicas at work, whenever it is asked. */
  #lists(): Pick<RunGround['around'], 'servers' | 'targets'> {
    return {
      servers: (of) => {
        const box = this.topology.boxes[of];
        return box?.replicas ? serverLines(of, box, this.namesOf(of), this.#ground.around) : undefined;
      },
      targets: (of, port) => staticTargets(this.namesOf(of), port, this.ports),
    };
  }
}

function boxOf(topology: Topology, name: string) {
  const box = topology.boxes[name];
  if (!box) throw new BadInput(`no box ${name}; boxes: ${Object.keys(topology.boxes).join(', ')}`);
  return box;
}

/** Over the delay proxy where there is a delay, straight to the box where there is none. */
function linkPorts(topology: Topology, rtts: SettledOptions['rtts'], ports: PortMap): Record<string, number> {
  return Object.fromEntries(
    Object.entries(topology.links ?? {}).map(([name, { to }]) => [
      name,
      ((rtts[name] ?? 0) > 0 ? ports[LINKS]?.[name] : firstPort(ports, to)) ?? 0,
    ]),
  );
}
