import type { Action, Scene } from './snapshot.ts';

/** What is said before a fault is put in, and what of it can be measured. */
export interface Expectation {
  words: string;
  /** Most requests that may fail until it is over, as a share. */
  mostFailed: number;
  /** Longest time until the box is up again, in seconds. */
  backWithin: number;
}

/** The launcher starts a box again at once; Node and Postgres take some seconds to be ready on a busy machine. */
const BACK_WITHIN = 30;
/** What a few requests that were under way make of all. */
const A_FEW = 0.02;
/** Nothing is promised of the requests. */
const ALL = 1;

const KILLED: Record<string, string> = {
  proxy:
    'Nobody else is at this door: connections are refused until it is back. What the edges keep is still answered by them.',
  edge: 'Visitors of this edge get no answer until it is back, with an empty cache.',
  store:
    'Where a copy or the database can answer, slower answers instead of errors; sessions and writes fail until it is back.',
  queue: 'Visitors notice nothing: jobs wait in the outbox, and none is lost.',
  work: 'Visitors notice nothing: jobs wait, and are done once it is back.',
  mail: 'Visitors wait for their mail, which is tried again where there is a queue.',
  watch: 'Visitors notice nothing. What it watches is not seen until it is back.',
};
const PROMISED_ALL = ['queue', 'work', 'watch', 'mail'];

/** What is expected of an action, by what the box is. */
export function expectationOf(action: Action, { marks }: Scene, boxesOfMark: number): Expectation | undefined {
  const kind = marks.find(({ name }) => isOf(action.box, name))?.kind ?? 'watch';
  if (action.do === 'kill') return killed(kind, boxesOfMark);
  if (action.do === 'freeze') return frozen(killed(kind, boxesOfMark));
  if (action.do === 'scale' || action.do === 'roll')
    return {
      words: 'No request fails: a new box is asked once it is ready, an old one answers what it has and ends.',
      mostFailed: 0,
      backWithin: BACK_WITHIN,
    };
  return undefined;
}

function killed(kind: string, boxes: number): Expectation {
  if (kind !== 'app')
    return { words: KILLED[kind] ?? '', mostFailed: PROMISED_ALL.includes(kind) ? 0 : ALL, backWithin: BACK_WITHIN };
  return boxes > 1
    ? {
        words: 'nginx asks another box. Only writes that were under way may fail.',
        mostFailed: A_FEW,
        backWithin: BACK_WITHIN,
      }
    : { words: 'It is the only one: every request fails until it is back.', mostFailed: ALL, backWithin: BACK_WITHIN };
}

/** It takes connections and says nothing, which is worse than being gone: somebody has to wait to find out. */
function frozen({ words, ...rest }: Expectation): Expectation {
  return {
    ...rest,
    words: `It takes connections and never answers, until you thaw it. Whoever asks it waits for a time-out first. ${words}`,
  };
}

/** Whether a box is the mark itself or one of its replicas. */
export function isOf(box: string, mark: string): boolean {
  return box === mark || (box.startsWith(`${mark}-`) && /^\d+$/.test(box.slice(mark.length + 1)));
}
