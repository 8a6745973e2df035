import type { Accounting } from '../../result.ts';
import { k6Rows, linesOf } from '../../run/k6-samples.ts';

/** One answer as expected. */
export interface Answered {
  /** When it was there, in microseconds since 1970-01-01 UTC. */
  at: number;
  ms: number;
  place: 'near' | 'far';
  /** One of two random halves, `a` or `b`. */
  label: string;
}

/** One arm's turn. */
export interface Turn {
  arm: string;
  /** Of the first arrival, in microseconds since 1970-01-01 UTC. */
  start: number;
  books: Accounting;
  answers: Answered[];
}

const BOOKS: Record<string, keyof Accounting> = {
  ...{ offered: 'offered', answered: 'answered', refused: 'refused', timed_out: 'timedOut' },
  dropped_iterations: 'dropped',
};

/** The turns of a load by turns, in their order, from k6's csv. */
export async function readTurns(file: string): Promise<Turn[]> {
  return turnsOf(linesOf(file), file);
}

/** The same from lines that are there already. */
export async function turnsOf(lines: AsyncIterable<string> | Iterable<string>, name: string): Promise<Turn[]> {
  const turns = new Map<string, Turn>();
  for await (const row of k6Rows(lines, name, [...Object.keys(BOOKS), 'http_req_duration'])) {
    const turn = turns.get(row.scenario) ?? emptyTurn(row.scenario);
    turns.set(row.scenario, turn);
    const book = BOOKS[row.metric];
    if (book) {
      turn.books[book] += row.value;
      // An arrival that k6 could not send was offered all the same.
      if (book === 'dropped') turn.books.offered += row.value;
      turn.start = Math.min(turn.start, row.at);
    } else if (row.expected !== 'false') {
      const tags = new URLSearchParams(row.extra);
      const place = tags.get('place') === 'far' ? 'far' : 'near';
      turn.answers.push({ at: row.at, ms: row.value, place, label: tags.get('label') ?? '' });
    }
  }
  return [...turns.values()].sort((a, b) => a.start - b.start);
}

function emptyTurn(scenario: string): Turn {
  const books = { offered: 0, answered: 0, refused: 0, timedOut: 0, dropped: 0 };
  return { arm: scenario.split('-')[0] ?? '', start: Number.POSITIVE_INFINITY, books, answers: [] };
}
