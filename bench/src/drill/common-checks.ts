import { readdirSync, readFileSync } from 'node:fs';
import type { BoxStatus, Check } from './drill.ts';
import type { Fate, Write } from './ledger.ts';
import type { Sent } from './records.ts';
import type { Visited } from './visitors-words.ts';

/** What every drill asks, whatever it breaks. */
export interface Aftermath extends Omit<Visited, 'latestMs'> {
  boxes: readonly BoxStatus[];
  /** Deaths that the drill brought about, by box. */
  deaths: ReadonlyMap<string, number>;
  /** Resident memory by box, in bytes, in the steady phase and at the end. */
  rss: { before: ReadonlyMap<string, number>; after: ReadonlyMap<string, number> };
  logs: string;
  /** As the drill has it. */
  losesAcknowledged: boolean;
}

const MOST_GROWTH = 1.3;
/** A process of a few megabytes grows by a third with one more buffer. */
const SPARED_BYTES = 16 * 2 ** 20;
/** The end of the healed phase, in which everything must be as before. */
const LAST_MS = 2000;
/** How Node says that it dies of an error nobody caught, and pino that an app does. */
const UNHANDLED = /unhandled|uncaught|ERR_UNHANDLED_REJECTION|triggerUncaughtException/i;

export function commonChecks(after: Aftermath): Check[] {
  const { records, offered, losesAcknowledged } = after;
  const asked = writesOf(after.fates) > 0 ? ledgerChecks(after) : [];
  const kept = asked.filter(({ id }) => id !== 'acked' || !losesAcknowledged);
  return [...kept, deathCheck(after), logCheck(after.logs), memoryCheck(after), convergence(after), books()];

  function books(): Check {
    const count = (outcome: Sent['outcome']) => records.filter((record) => record.outcome === outcome).length;
    const [ok, refused, failed] = [count('ok'), count('refused'), count('failed')];
    return {
      id: 'books',
      criterion: 'offered = as asked + refused + failed',
      value: `${offered} = ${ok} + ${refused} + ${failed}`,
      passed: offered === ok + refused + failed,
    };
  }
}

function writesOf({ acked, rejected, unknown }: Record<Fate, number>): number {
  return acked + rejected + unknown;
}

function ledgerChecks({ fates, audit }: Pick<Visited, 'fates' | 'audit'>): Check[] {
  const wrong = (writes: readonly Write[] | undefined, fate: 'acked' | 'rejected' | undefined) => ({
    value: writes
      ? `${writes.length} of ${fate ? fates[fate] : writesOf(fates)} writes`
      : 'the posts could not be read',
    passed: writes?.length === 0,
  });
  return [
    { id: 'acked', criterion: 'acknowledged writes that are lost: 0', ...wrong(audit?.lost, 'acked') },
    { id: 'once', criterion: 'writes that are there more than once: 0', ...wrong(audit?.doubled, undefined) },
    { id: 'rejected', criterion: 'refused writes that are there: 0', ...wrong(audit?.ghosts, 'rejected') },
  ];
}

function deathCheck({ boxes, deaths }: Aftermath): Check {
  const unasked = boxes.flatMap(({ box, restarts }) => {
    const more = restarts - (deaths.get(box) ?? 0);
    return more > 0 ? [`${box} ${more}×`] : [];
  });
  const value = unasked.length > 0 ? unasked.join(', ') : 'none';
  return { id: 'deaths', criterion: 'no process ended unasked', value, passed: unasked.length === 0 };
}

function logCheck(logs: string): Check {
  const lines = readdirSync(logs).flatMap((name) =>
    readFileSync(`${logs}/${name}`, 'utf8')
      .split('\n')
      .filter((line) => UNHANDLED.test(line))
      .map((line) => `${name}: ${line.slice(0, 120)}`),
  );
  const value = lines[0] ?? 'none';
  return { id: 'unhandled', criterion: 'no unhandled rejection in the logs', value, passed: lines.length === 0 };
}

function memoryCheck({ rss: { before, after } }: Aftermath): Check {
  const grown = [...after].flatMap(([box, bytes]) => {
    const was = before.get(box) ?? bytes;
    return [{ box, factor: bytes / was, tooMuch: bytes > Math.max(was * MOST_GROWTH, was + SPARED_BYTES) }];
  });
  const worst = grown.toSorted((a, b) => b.factor - a.factor)[0];
  return {
    id: 'memory',
    criterion: `memory of each box ≤ ${MOST_GROWTH} × before, or 16 MB more`,
    value: worst ? `${worst.box} ${worst.factor.toFixed(2)} ×` : 'no box',
    passed: !grown.some(({ tooMuch }) => tooMuch),
  };
}

function convergence({ records, boxes }: Aftermath): Check {
  const healed = records.filter(({ phase }) => phase === 'healed');
  const from = (healed.at(-1)?.at ?? 0) - LAST_MS;
  const last = healed.filter(({ at }) => at >= from);
  const wrong = last.filter(({ outcome }) => outcome !== 'ok').length;
  const down = boxes.filter(({ state }) => state !== 'up').map(({ box }) => `${box} is down`);
  const value = [...down, `${wrong} of ${last.length} not as asked in the last ${LAST_MS / 1000} s`].join(', ');
  return {
    id: 'converged',
    criterion: 'whole again by itself: every box up, every answer as asked',
    value,
    passed: down.length === 0 && wrong === 0 && last.length > 0,
  };
}
