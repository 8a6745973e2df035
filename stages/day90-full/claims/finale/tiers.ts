import { watchHost } from '@day90/bench';
import type { Instance } from '@day90/infra';

/** What a request passes, outermost first. */
const TIERS = ['door', 'edge-seoul', 'nginx', 'app', 'cache', 'sessions', 'db'] as const;

/** CPU of one tier, all its boxes together. */
export interface TierUse {
  name: string;
  /** In cores. */
  cores: number;
  /** In all. */
  micros: number;
}

export interface MachineUse {
  tiers: TierUse[];
  /** Share of all cores' time that nobody used. */
  idle: number;
}

/** Begins to watch who uses the CPU. @returns What gives it, since then. */
export function watchTiers(instance: Instance): () => MachineUse {
  const used = (tier: string) => instance.boxesOf(tier).reduce((sum, box) => sum + instance.usage(box).cpuMicros, 0);
  const before = TIERS.map(used);
  const startedAt = performance.now();
  const host = watchHost();
  return () => {
    const passed = (performance.now() - startedAt) * 1000;
    const tiers = TIERS.map((name, at) => {
      const micros = used(name) - (before[at] as number);
      return { name, cores: micros / passed, micros };
    });
    return { tiers, idle: host() };
  };
}
