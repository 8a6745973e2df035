import type { Exercises } from '@day90/bench/learn';

/** What to do with stage 4 besides reading it. */
export const exercises: Exercises = {
  predict: {
    question:
      'Nine of ten requests read, one writes. In place of one database there are a primary and two replicas, each with the same CPU, and reads go to whichever has the fewest queries under way. How many times as much do the three carry?',
    unit: '×',
    result: 'stage-4.reads',
    why: 'Each write is done three times now, so by the arithmetic of single requests less than three. Measured it is a little more than that: at its limit a database does many writes with one sync, and a replica replays them cheaper than the primary made them. With more writes it looks otherwise, and from some number of replicas on none helps: the README has the arithmetic.',
  },
  break: {
    task: 'Let `chooseNode` take the databases by turns, whatever they are busy with. It is fair, and it is what most libraries do. What happens when one of the three is slower than the others?',
    file: 'src/choose-node.ts',
    find: '(best, node) => (best && best.inFlight <= node.inFlight ? best : node),',
    replaceBy: '(best, node) => best ?? node,',
    test: { file: 'test/choose-node.test.ts', name: 'takes one with the fewest queries in flight' },
    why: 'By turns a slow database gets as many queries as a fast one, and works them off later: they pile up there, and every client ends up waiting at it while the others rest. Counting what is under way is a measurement of speed that costs nothing.',
  },
  extend: {
    task: 'One of the replicas moves to a machine twice as large, and still gets the same share as the others. Let a database have a `weight`, 1 unless told, and choose by the queries in flight for each unit of it.',
    hints: [
      'A node without a weight must be chosen as before: the tests of stage 4 still hold.',
      'Of two that are equally busy for their size, turns decide, as now.',
      '3 in flight at weight 4 is less busy than 1 at weight 1. What of 0 and 0?',
    ],
    check: 'learn/extend.ts',
    after:
      'The weight is a number that somebody has to keep true. What would tell you that it is wrong? And what would a node look like that finds its own?',
  },
};
