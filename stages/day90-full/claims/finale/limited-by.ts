import type { MachineUse } from './tiers.ts';

/** Below this share of idle time a machine is full: what comes at the wrong moment waits. */
const LEAST_IDLE = 0.05;
const LATE_MS = 50;

/** What is known of a run that fell short, or did not. */
export interface Reached {
  wanted: { rate: number; visitors: number };
  /** The highest rate at which all times and answers were as promised; none was tried that held where it is missing. */
  heldRate: number | undefined;
  heldVisitors: number;
  notHeld: Record<string, number>;
  use: MachineUse;
  generator: { cores: number; lateMs: number };
}

/** Sentences that say what was reached, and what stood in the way. */
export function limitedBy({ wanted, heldRate, heldVisitors, notHeld, use, generator }: Reached): string[] {
  const idle = `${Math.round(use.idle * 100)} % of the machine’s CPU was idle`;
  const reached = `${heldRate ?? 'fewer'} requests a second were held, and ${heldVisitors} visitors.`;
  const said: string[] = [];
  if (heldVisitors < wanted.visitors)
    said.push(`Of ${wanted.visitors} visitors ${heldVisitors} stayed: ${reasons(notHeld)}.`);
  if (heldRate === undefined || heldRate < wanted.rate) {
    const most = [...use.tiers, { name: 'the generator', cores: generator.cores }].sort((a, b) => b.cores - a.cores);
    const users = most
      .slice(0, 3)
      .map(({ name, cores }) => `${name} ${cores.toFixed(2)}`)
      .join(', ');
    if (use.idle < LEAST_IDLE) said.push(`The CPU was the limit: ${idle}; cores used: ${users}.`);
    else if (generator.lateMs > LATE_MS)
      said.push(`The generator was late by ${Math.round(generator.lateMs)} ms at p99; ${idle}.`);
    else said.push(`The CPU was not the limit: ${idle}; cores used: ${users}.`);
  }
  return said.length === 0 ? [`Nothing stood in the way: ${idle}.`] : [reached, ...said];
}

function reasons(notHeld: Record<string, number>): string {
  const all = Object.entries(notHeld).map(([why, count]) => `${count} times ${why}`);
  return all.length === 0 ? 'the others were closed meanwhile' : all.join(', ');
}
