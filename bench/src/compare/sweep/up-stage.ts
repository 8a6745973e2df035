import {
  ensureSystemNeeds,
  ensureTemplate,
  type Instance,
  launch,
  loadTopology,
  type Scale,
  type Stage,
} from '@day90/infra';
import { ArmUsage } from '../../run/arm-usage.ts';
import type { SweptStage } from './pair-run.ts';
import { sweptTopology } from './sweep-topology.ts';
import { logIn, warmUp } from './warm-up.ts';

/** A stage that is up, warm, and within its budgets. */
export interface UpStage {
  name: string;
  instance: Instance;
  /** Where visitors from far away find it. */
  farUrl: string;
  /** Of the members who are logged in. */
  cookies: string[];
  stop(): Promise<void>;
}

export interface StartOptions {
  scale: Scale;
  signal: AbortSignal;
  onProgress: (line: string) => void;
}

/** The delay proxy is a model of distance, and no part of a stage. */
const NO_PART = 'link';

/** Starts a stage for a sweep, on free ports and on a throw-away copy of its data. */
export async function startStage(stage: Stage, options: StartOptions): Promise<UpStage> {
  const { scale, signal, onProgress } = options;
  await ensureSystemNeeds(stage.name, 'start', { signal, onProgress });
  const { topology: shipped, folder } = await loadTopology(`${stage.folder}/src/topology.ts`);
  const { topology, far } = sweptTopology(shipped);
  if (topology.data) await ensureTemplate(topology.data, { folder, scale, signal, onProgress });
  const instance = await launch(topology, {
    ...{ folder, scale, signal, onProgress, ports: 'free', quiet: true, throwAway: true },
    instance: `bench-${process.pid}-sweep-${stage.number}`,
    // All members come from one address here.
    env: { app: { LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '1000' } },
  });
  try {
    const limits = instance.ready.boxes.map(({ name, cpuLimit }) => ({ name, cpuLimit }));
    // In a budget, compiling and hashing passwords would take many times as long.
    for (const { name } of limits) instance.setCpu(name, undefined);
    const cookies = await logIn(instance.url, signal);
    await warmUp(instance, { cookies, scale, signal });
    for (const { name, cpuLimit } of limits) instance.setCpu(name, cpuLimit);
    const link = instance.ready.links.find(({ from, to }) => from === far.from && to === far.to);
    return {
      name: stage.name,
      instance,
      cookies,
      farUrl: `http://127.0.0.1:${link?.port}`,
      stop: () => instance.stop(),
    };
  } catch (error) {
    await instance.stop();
    throw error;
  }
}

/** Follows what all boxes of a stage use. */
export function followStage({ name, instance }: UpStage): ArmUsage {
  const boxes = instance.ready.boxes.filter(({ role }) => role !== NO_PART).map((box) => box.name);
  return ArmUsage.follow(instance, { label: name, topology: '', box: 'app', boxes });
}

/** What a stage consists of, as the result has it. */
export function describeStage({ name, instance }: UpStage, rssBytes: number): SweptStage {
  const boxes = instance.ready.boxes.filter(({ role }) => role !== NO_PART);
  const roles = [...new Set(boxes.map(({ role }) => role))];
  return {
    stage: name,
    rssBytes,
    boxes: roles.map((role) => {
      const own = boxes.filter((box) => box.role === role);
      const cpuShare = own[0]?.cpuLimit;
      return { role, count: own.length, ...(cpuShare !== undefined && { cpuShare }) };
    }),
  };
}
