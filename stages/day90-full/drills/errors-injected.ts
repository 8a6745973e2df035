import { atMost, type Drill, type Rig } from '@day90/bench/drill';
import { askChannel, noticed } from './channel.ts';
import { untilWatched } from './target-killed.ts';

const FAST = 'ErrorBudgetBurnFast';
const SLOWER = /ErrorBudgetBurn(Steady|Slow)/;
/** One failure in as many requests as this takes is half of the budget or less, in each window. */
const HALF_BUDGET_MS = 25_000;
/** 5 % are above 1.44 % of a minute (an hour, of which this is a sixtieth) after 17 s. */
const MOST_S = 35;
const PATIENCE_MS = 45_000;
/** Between two signals, which would else be one. */
const APART_MS = 300;

/** Burn rates fire for what uses the budget up, by the window that it belongs to, and for nothing else. */
export const errorsInjected: Drill = {
  number: 31,
  slug: 'errors-injected',
  stage: 'stage-7',
  title: 'one request fails, and then 5 % of all, with all windows divided by 60 and a healthy past',
  expects: [
    'at half the error budget: no notice',
    'at 50 × the budget: the fast burn rate is told within 35 s, its end within 35 s',
    'the slower ones are not told of',
  ],
  topology: 'drills/error-budget/topology.ts',
  rate: 40,
  mix: { me: 100 }, // no edge answers these
  faultSeconds: 90,
  async rehearse(rig) {
    await untilWatched(rig);
    await failOnce(rig);
  },
  async fault(rig) {
    const after = (await askChannel(rig)).notices.at(-1)?.number ?? 0;
    rig.facts.before = after;
    rig.signal('app-1', 'SIGUSR2');
    await rig.sleep(HALF_BUDGET_MS);
    rig.facts['notices at half the budget'] = (await noticesSince(rig, after)).length;
    for (const box of ['app-2', 'app-3']) rig.signal(box, 'SIGUSR2');
    await rig.sleep(APART_MS);
    for (const box of rig.instance.boxesOf('app')) rig.signal(box, 'SIGUSR2');
    const beganAt = Date.now();
    const told = await noticed(rig, `FIRING: ${FAST}`, { after, ms: PATIENCE_MS });
    rig.facts['told after'] = since(told, beganAt);
  },
  async heal(rig) {
    const after = rig.facts.before ?? 0;
    for (const box of rig.instance.boxesOf('app')) rig.signal(box, 'SIGUSR2');
    const endedAt = Date.now();
    const over = await noticed(rig, `RESOLVED: ${FAST}`, { after, ms: PATIENCE_MS });
    rig.facts['resolved after'] = since(over, endedAt);
    const slower = (await noticesSince(rig, after)).filter(({ title }) => SLOWER.test(title));
    rig.facts['slower ones'] = slower.length;
  },
  judge(records, rig) {
    const of = (name: string) => rig.facts[name] ?? Number.NaN;
    const failed = records.filter(({ outcome }) => outcome !== 'ok').length;
    return [
      { id: 'injected', criterion: 'requests that failed: at least 10', value: String(failed), passed: failed >= 10 },
      atMost('half', 'notices at half the budget: 0', of('notices at half the budget'), 0, ''),
      atMost('told', '5 % fail: until the fast burn rate is told', of('told after'), MOST_S, 's'),
      atMost('over', 'none fails any more: until that is told', of('resolved after'), MOST_S, 's'),
      atMost('slower', 'notices of the slower burn rates: 0', of('slower ones'), 0, ''),
    ];
  },
  mutation: {
    title: 'errors a second, as it is usually written, in the place of the burn rate',
    topology: 'drills/error-budget/usual/topology.ts',
    breaks: ['half'],
  },
};

/** A counter that begins at 1 has not grown: of a first failure `rate` knows nothing, so that it would prove nothing. */
async function failOnce(rig: Rig): Promise<void> {
  for (const pauseMs of [1000, APART_MS, APART_MS]) {
    rig.signal('app-1', 'SIGUSR2');
    await rig.sleep(pauseMs);
  }
}

async function noticesSince(rig: Rig, after: number) {
  return (await askChannel(rig)).notices.filter(({ number }) => number > after);
}

function since(at: number | undefined, from: number): number {
  return at === undefined ? PATIENCE_MS / 1000 : (at - from) / 1000;
}
