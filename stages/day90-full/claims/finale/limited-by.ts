import type { MachineUse } from './tiers.ts';
import { heldOf, rateInWords, type TriedRate } from './tried-rate.ts';

/** Below this share of idle time a machine is full: what comes at the wrong moment waits. */
const LEAST_IDLE = 0.15;
const LATE_MS = 50;
const MOST_USERS = 4;

/** What is known of a run that fell short, or did not. */
export interface Reached {
  wanted: { rate: number; visitors: number };
  /** Requests a second that were sent at most. */
  asked: number;
  tried: readonly TriedRate[];
  heldVisitors: number;
  notHeld: Record<string, number>;
  /** With as many requests as were sent at most. */
  use: MachineUse;
  generator: { cores: number; lateMs: number };
  ceiling: number;
}

/** Sentences that say what was reached, and what stood in the way. */
export function limitedBy(seen: Reached): string[] {
  const { wanted, asked, tried, heldVisitors, notHeld, use, ceiling } = seen;
  const held = heldOf(tried);
  const said: string[] = [];
  if (heldVisitors < wanted.visitors)
    said.push(`Of ${wanted.visitors} visitors ${heldVisitors} stayed: ${reasons(notHeld)}.`);
  if (asked < wanted.rate)
    said.push(
      `No more than ${asked} requests a second were sent: the generator can send ${ceiling} here, and near its own end it would show itself.`,
    );
  if (!tried[0]?.held) said.push(...tried.map(rateInWords), whatWasFull(seen));
  if (said.length === 0) return [`Nothing stood in the way: ${idleOf(use)}.`];
  return [`${held?.rate ?? 'No'} requests a second were held, and ${heldVisitors} visitors.`, ...said];
}

function whatWasFull({ asked, use, generator: { cores, lateMs } }: Reached): string {
  const users = [...use.tiers, { name: 'the generator', cores }]
    .sort((a, b) => b.cores - a.cores)
    .slice(0, MOST_USERS)
    .map((user) => `${user.name} ${user.cores.toFixed(2)}`);
  const whose = `${idleOf(use)} at ${asked} a second; cores used: ${users.join(', ')}`;
  if (use.idle < LEAST_IDLE) return `The CPU was the limit: ${whose}.`;
  if (lateMs > LATE_MS) return `The generator was late by ${Math.round(lateMs)} ms at p99: ${whose}.`;
  return `The CPU was not the limit: ${whose}.`;
}

function idleOf({ idle }: MachineUse): string {
  return `${Math.round(idle * 100)} % of the machine’s CPU was idle`;
}

function reasons(notHeld: Record<string, number>): string {
  const all = Object.entries(notHeld).map(([why, count]) => `${count} times ${why}`);
  return all.length === 0 ? 'the others were closed meanwhile' : all.join(', ');
}
