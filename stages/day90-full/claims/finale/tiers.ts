import { watchHost } from '@day90/bench';
import type { Instance } from '@day90/infra';

/** What a request passes, outermost first. */
const TIERS = ['door', 'edge-seoul', 'nginx', 'app', 'cache', 'sessions', 'db'] as const;

/** CPU of one tier, all its boxes together. */
export interface TierUse {
  name: string;
  /** In cores. */
  cores: number;
  /** For each request that visitors sent, in microseconds. */
  microsPerRequest: number;
}

export interface MachineUse {
  tiers: TierUse[];
  /** Share of all cores' time that nobody used. */
  idle: number;
}

/** Begins to watch who uses the CPU. @returns What gives it, for so many requests since then. */
export function watchTiers(instance: Instance): (requests: number) => MachineUse {
  const used = (tier: string) => instance.boxesOf(tier).reduce((sum, box) => sum + instance.usage(box).cpuMicros, 0);
  const before = TIERS.map(used);
  const startedAt = performance.now();
  const host = watchHost();
  return (requests) => {
    const micros = (performance.now() - startedAt) * 1000;
    const tiers = TIERS.map((name, at) => {
      const cpu = used(name) - (before[at] as number);
      return { name, cores: cpu / micros, microsPerRequest: cpu / requests };
    });
    return { tiers, idle: host() };
  };
}
