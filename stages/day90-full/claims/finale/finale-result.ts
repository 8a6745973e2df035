import { measuredValue, quantile, type Value } from '@day90/bench';
import type { FinaleRun } from './finale-run.ts';
import { GOALS } from './goals.ts';
import { loadInWords } from './load.ts';
import { limitsInWords, machineLimits } from './machine-limits.ts';

/** The figures of a finale, with their goals where they are judged. */
export function finaleValues(seen: FinaleRun, judged: boolean): Value[] {
  const { wishes, long, after, ceiling } = seen;
  const { outcome, use, generator, rate, held } = long;
  const { sent, took, failures, reached, cacheable, writes } = outcome;
  const answered = took.length / long.seconds;
  const goal = (op: '<=' | '>=', value: number) => (judged ? { op, value } : undefined);
  const share = (count: number, of = sent) => (of === 0 ? 0 : count / of);
  return [
    measuredValue('requests a second that were held', '/s', held ? rate : 0, goal('>=', wishes.rate)),
    measuredValue('visitors connected, and idle, after the load', 'count', after.open, goal('>=', wishes.visitors)),
    measuredValue('of a sample of them: answered once more', '', share(after.answered, after.asked), goal('>=', 1)),
    measuredValue('response time, p50', 'ms', quantile(took, 0.5)),
    measuredValue('response time, p99', 'ms', quantile(took, 0.99), goal('<=', GOALS.p99)),
    measuredValue('response time, p99.9', 'ms', quantile(took, 0.999), goal('<=', GOALS.p999)),
    measuredValue('response time, the slowest', 'ms', took.at(-1) ?? 0),
    measuredValue(
      'failed, of a million',
      'count',
      Math.ceil(1e6 * share(failures.length)),
      goal('<=', 1e6 * GOALS.failed),
    ),
    measuredValue('reads that the edge answered by itself, share', '', share(cacheable.hit, cacheable.asked)),
    measuredValue('answered by an app, share of all', '', share(reached.app), goal('>=', GOALS.through)),
    measuredValue('a database was asked for, share of all', '', share(reached.database), goal('>=', GOALS.through)),
    measuredValue('writes, share of all', '', share(writes)),
    ...memoryValues(seen, judged),
    ...use.tiers.map(({ name, micros }) =>
      measuredValue(`CPU of ${name} for an answer to a visitor`, 'µs', micros / took.length),
    ),
    measuredValue('CPU of the generator for an answer', 'µs', (1e6 * generator.cores) / answered),
    measuredValue('CPU that nobody used, share of the machine', '', use.idle),
    measuredValue('requests a second at which no CPU would be left', '/s', answered / (1 - use.idle)),
    measuredValue('sent late by the generator, p99', 'ms', outcome.late),
    measuredValue('the generator’s ceiling', '/s', ceiling),
  ];
}

/** What one more visitor takes: the whole machine's slope, and the part of it that is the visitor's own process. */
function memoryValues({ held: [few, all] }: FinaleRun, judged: boolean): Value[] {
  const more = all.visitors - few.visitors;
  if (more <= 0) return [];
  const machine = (all.machine - few.machine) / more;
  const holders = (all.holders - few.holders) / more;
  const goal = judged ? { op: '<=' as const, value: GOALS.bytes } : undefined;
  return [
    measuredValue('memory of one more visitor, on the whole machine', 'B', machine, goal),
    measuredValue('of it in the processes that play the visitors', 'B', holders),
  ];
}

/** How it was measured. */
export function finaleNotes({ wishes, long, rungs, knownPosts, held }: FinaleRun): string[] {
  const { visitors, seconds } = wishes;
  const { sent, sentAgain } = long.outcome;
  return [
    `${long.rate} requests a second for ${seconds} s, each sent when it was due and timed from then on, whatever became of those before it; ${visitors} connections were open meanwhile, each of which had read one post.`,
    `Of a hundred requests one is a new post, one a member who asks who they are, five are posts that nobody has read before, and the others are by Zipf’s law of as many posts as there are requests a second. ${knownPosts} were read once each in the minute before all of it; the edge keeps one for a minute.`,
    `Before, more and more was asked for, until it was not held. ${rungs.map(loadInWords).join(' ')}`,
    'The way of a read: the door (nginx, 8 workers), Seoul’s edge (Varnish), nginx, three apps, Redis, a primary and two replicas: stage 7’s own, with 256 MB at the edge. No distances, no CPU budgets, nobody who watches, and no log of the edge.',
    'The door is there because Varnish takes a file for each connection, and a process may open 20,000 here: it stops serving when they are gone.',
    'The generator is one Node process over bare sockets: k6 takes several cores for so many requests and vegeta more than one, which would be measured instead of the stage.',
    `Memory is all that is in use on the machine but for copies of files, with ${held[0].visitors} visitors and with ${held[1].visitors}, before the load: both ends of each connection are in it.`,
    limitsInWords(machineLimits()),
    `A connection that was lost under a read, or under a write with a key, is replaced once, as a browser does: ${sentAgain} times in ${sent}.`,
    'What a million users take is another question, and the planner’s: `pnpm plan --users 1000000`.',
  ];
}
