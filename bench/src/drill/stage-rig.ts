import { setTimeout as sleep } from 'node:timers/promises';
import { control, type Instance, type Scale } from '@day90/infra';
import type { BoxStatus, Rig } from './drill.ts';
import type { HttpClient } from './http-client.ts';
import type { Member } from './members.ts';
import type { Visitors } from './visitors.ts';

interface RigParts {
  /** The workspace's root folder. */
  root: string;
  instance: Instance;
  scale: Scale;
  client: HttpClient;
  visitors: Visitors;
  signal: AbortSignal;
}

const LOOK_EVERY_MS = 20;
const DEADLY: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'];

/** What a drill does to its stage. */
export class StageRig implements Rig {
  readonly instance: Instance;
  readonly scale: Scale;
  readonly data: string;
  readonly logs: string;
  readonly marks: Record<string, number> = {};
  readonly facts: Record<string, number> = {};
  /** Deaths that the drill brought about, by box. */
  readonly deaths = new Map<string, number>();
  readonly #parts: RigParts;

  constructor(parts: RigParts) {
    const { instance, scale } = parts;
    this.#parts = parts;
    this.instance = instance;
    this.scale = scale;
    this.data = instance.folders.data;
    this.logs = instance.folders.logs;
  }

  get members(): readonly Member[] {
    return this.#parts.visitors.members;
  }

  now(): number {
    return performance.now() - this.#parts.visitors.startedAt;
  }

  mark(name: string, at = this.now()): number {
    this.marks[name] = Math.round(at);
    return at;
  }

  async sleep(ms: number): Promise<void> {
    const { signal } = this.#parts;
    await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  }

  async until(what: string, ms: number, condition: () => boolean | Promise<boolean>): Promise<void> {
    const end = this.now() + ms;
    while (!(await condition())) {
      if (this.now() > end) throw new Error(`${what}: not within ${ms / 1000} s`);
      await this.sleep(LOOK_EVERY_MS);
    }
  }

  get(path: string) {
    return this.#parts.client.send({ path });
  }

  signal(box: string, signal: NodeJS.Signals): void {
    if (DEADLY.includes(signal)) this.#expectDeath(box);
    this.instance.signal(box, signal);
  }

  async kill(box: string): Promise<void> {
    this.#expectDeath(box);
    await this.instance.kill(box);
  }

  async restarted(box: string, pid: number, ms: number): Promise<{ startedAt: number; readyAt: number }> {
    const end = this.now() + ms;
    const newPid = () => this.instance.ready.boxes.find(({ name }) => name === box)?.pid;
    await this.until(`box ${box} is started again`, ms, () => ![undefined, pid].includes(newPid()));
    const startedAt = this.now();
    const isUp = async () => (await this.boxes()).some((one) => one.box === box && one.state === 'up');
    await this.until(`box ${box} is ready again`, end - this.now(), isUp);
    return { startedAt, readyAt: this.now() };
  }

  async boxes(): Promise<BoxStatus[]> {
    const { root, instance } = this.#parts;
    return (await control(root, instance.ready.instance, { do: 'status' })).boxes as BoxStatus[];
  }

  #expectDeath(box: string): void {
    this.deaths.set(box, (this.deaths.get(box) ?? 0) + 1);
  }
}
