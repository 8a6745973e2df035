import type { SweepPlan } from './sweep-plan.ts';
import { SHARES } from './sweep-topology.ts';

/** How a sweep was measured, one sentence each. */
export function sweepNotes({ turns, turnSeconds, restSeconds }: SweepPlan): string[] {
  const shares = Object.entries(SHARES).map(([role, share]) => `${role} ${share}`);
  return [
    `Neighbours were up together and loaded by turns (before, after, after, before; ${turns} turns each of ${turnSeconds} s at a rate, ${restSeconds} s of rest between them): the budgets of two stages and the generator are more than two cores have. Each stage but the first and the last was measured beside both of its neighbours; its figures are the geometric mean of the two.`,
    'An open load by k6: arrivals keep their rate whatever the answers do. So many virtual users stand ready as arrive in 0.75 s; an arrival that finds none of them free is dropped, and counted. Nobody waits longer than 4 s.',
    'Of ten requests one writes a post, one asks who one is, one is a member’s look at a post, and seven are those of visitors: 80 of a hundred posts, 10 authors’ pages, 7 the popular list, 3 the feed; ids by Zipf’s law. One virtual user in five comes from Los Angeles: over 200 ms to a stage without edges, over 10 ms to its own edge.',
    `Budgets, in shares of a core: ${shares.join(', ')}. What is not named (nginx, Redis, edges, the mail server) ran free, and is in the CPU for a request. Before the load each box was warmed up without its budget.`,
    'A stage that lost more than a tenth of the arrivals, or took more than a second for 95 of 100 answers nearby, was not asked for more. No rate above 70 % of what k6 can send here.',
    'Neighbours are compared over slices of half a second, each beside one of the other stage’s turn next to it; the interval is Student’s t on the logarithms. A/A: two random halves of the after stage’s answers.',
    'Where less than 15 % of the machine was idle, a figure is of the machine and not of the stage: such points are hollow, have no knee, and are compared with nothing.',
  ];
}
