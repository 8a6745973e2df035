import type { FinaleRun } from './finale-run.ts';
import { type Load, loadInWords } from './load.ts';
import type { MachineUse } from './tiers.ts';

/** Below this share of idle time a machine is full: what comes at the wrong moment waits. */
const LEAST_IDLE = 0.15;
const LATE_MS = 50;
const MOST_USERS = 4;

/** What a finale that fell short, or did not, is judged by. */
type Reached = Pick<FinaleRun, 'most' | 'rungs' | 'tries' | 'long' | 'notHeld' | 'ceiling'> & {
  wishes: { rate: number; visitors: number };
  after: { open: number };
};

/** Sentences that say what was reached, and what stood in the way. */
export function limitedBy(seen: Reached): string[] {
  const { wishes, most, rungs, tries, long, after, notHeld, ceiling } = seen;
  const said: string[] = [];
  if (after.open < wishes.visitors)
    said.push(`Of ${wishes.visitors} visitors ${after.open} stayed: ${reasons(notHeld)}.`);
  if (most < wishes.rate)
    said.push(
      `No more than ${most} requests a second were asked for: the generator can send ${ceiling} here, and near its own end it would show itself.`,
    );
  const short = [...rungs, ...tries].filter(({ held }) => !held);
  if (short.length > 0) said.push(...short.map(loadInWords), ...short.slice(0, 1).map(whatWasFull));
  if (said.length === 0) return [`Nothing stood in the way: ${idleOf(long.use)}.`];
  return [
    `${long.held ? long.rate : 'No'} requests a second were held for ${long.seconds} s, and ${after.open} visitors.`,
    ...said,
  ];
}

function whatWasFull({ rate, use, generator: { cores, lateMs } }: Load): string {
  const users = [...use.tiers, { name: 'the generator', cores }]
    .sort((a, b) => b.cores - a.cores)
    .slice(0, MOST_USERS)
    .map((user) => `${user.name} ${user.cores.toFixed(2)}`);
  const whose = `${idleOf(use)} at ${rate} a second; cores used: ${users.join(', ')}`;
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
