import type { Action, Scene } from './snapshot.ts';

/** What is said before a fault is put in, and what of it can be measured. */
export interface Expectation {
  words: string;
  /** Most reads that may fail until it is over, as a share. */
  mostFailed: number;
  /** Longest time until all is as before, in seconds. */
  backWithin: number;
}

/** The launcher starts a box again at once; Node and Postgres take some seconds to be ready on a busy machine. */
const BACK_WITHIN = 30;
/** A fault that stays is over when the reader takes it back. */
const WHEN_TAKEN_BACK = Number.POSITIVE_INFINITY;
/** What a few requests that were under way make of all. */
const A_FEW = 0.02;
/** Nothing is promised of the requests. */
const ALL = 1;

const KILLED: Record<string, string> = {
  proxy:
    'Nobody else is at this door: connections are refused until it is back. What the edges keep is still answered by them.',
  edge: 'Visitors of this edge get no answer until it is back, with an empty cache.',
  queue: 'Visitors notice nothing: jobs wait in the outbox, and none is lost.',
  work: 'Visitors notice nothing: jobs wait, and are done once it is back.',
  mail: 'Visitors wait for their mail, which is tried again where there is a queue.',
  watch: 'Readers notice nothing. What it watches is not seen until it is back; an alert may say so.',
};
const STORES: Record<string, string> = {
  cache: 'It comes back empty. Meanwhile the database answers: slower, and no read fails.',
  sessions: 'Readers notice nothing. Who is logged in gets 503 until it is back, and is still logged in then.',
  shard: 'Whose posts it holds gets 503 until it is back, as does nobody else.',
  s3: 'Pictures that no edge keeps are missing until it is back. Readers of posts notice nothing.',
};
const NO_READ_FAILS = ['cache', 'sessions', 's3'];
const PROMISED_ALL = ['queue', 'work', 'watch', 'mail'];

const CHANGES: Record<'scale' | 'roll' | 'reload' | 'pause' | 'mail' | 'failover', Omit<Expectation, 'backWithin'>> = {
  scale: {
    words: 'No read fails: a new box is asked once it is ready, an old one answers what it has and ends.',
    mostFailed: 0,
  },
  roll: { words: 'No read fails: each answers what it has and ends, while the others go on.', mostFailed: 0 },
  reload: {
    words: 'No read fails: new workers take the new connections, and the old ones answer what they have.',
    mostFailed: 0,
  },
  pause: {
    words:
      'It falls behind, and is not read any more once it is too late. No read fails, and writers see what they wrote.',
    mostFailed: 0,
  },
  mail: {
    words:
      'Who signs up is answered as ever. Their mails wait in the queue, are tried again, and none is lost but those refused for good.',
    mostFailed: 0,
  },
  failover: {
    words: 'Writes wait, or fail with 503, until the new primary takes them: some seconds. Reads go on.',
    mostFailed: A_FEW,
  },
};

/** What is expected of an action, by what the box is. Nothing of one that takes a fault back. */
export function expectationOf(action: Action, { marks }: Scene, boxesOfMark: number): Expectation | undefined {
  const mark = marks.find(({ name }) => isOf(action.box, name));
  const killed = () => ({ ...killedOf(mark?.name ?? '', mark?.kind ?? 'watch', boxesOfMark), backWithin: BACK_WITHIN });
  switch (action.do) {
    case 'kill':
      return killed();
    case 'freeze':
      return frozen(killed());
    case 'thaw':
    case 'resume':
      return undefined;
    case 'mail':
      return action.fault === 'none' ? undefined : { ...CHANGES.mail, backWithin: WHEN_TAKEN_BACK };
    case 'pause':
      return { ...CHANGES.pause, backWithin: WHEN_TAKEN_BACK };
    default:
      return { ...CHANGES[action.do], backWithin: BACK_WITHIN };
  }
}

function killedOf(name: string, kind: string, boxes: number): Omit<Expectation, 'backWithin'> {
  if (kind === 'app')
    return boxes > 1
      ? { words: 'nginx asks another box. Only writes that were under way may fail.', mostFailed: A_FEW }
      : { words: 'It is the only one: every request fails until it is back.', mostFailed: ALL };
  if (kind === 'store') return storeKilled(name, boxes);
  return { words: KILLED[kind] ?? '', mostFailed: PROMISED_ALL.includes(kind) ? 0 : ALL };
}

function storeKilled(name: string, boxes: number): Omit<Expectation, 'backWithin'> {
  if (NO_READ_FAILS.includes(name)) return { words: STORES[name] ?? '', mostFailed: 0 };
  return boxes > 1 && name === 'db'
    ? {
        words: 'The other databases answer reads. If it leads, writes get 503 until it is back or another one leads.',
        mostFailed: A_FEW,
      }
    : {
        words: STORES[name] ?? 'What a cache has is still answered. All else gets 503 until it is back.',
        mostFailed: ALL,
      };
}

/** It takes connections and says nothing, which is worse than being gone: somebody has to wait to find out. */
function frozen({ words, mostFailed }: Expectation): Expectation {
  return {
    ...{ mostFailed, backWithin: WHEN_TAKEN_BACK },
    words: `It takes connections and never answers, until you thaw it. Whoever asks it waits for a time-out first. Else as if it were killed: ${words}`,
  };
}

/** Whether a box is the mark itself or one of its replicas. */
export function isOf(box: string, mark: string): boolean {
  return box === mark || (box.startsWith(`${mark}-`) && /^\d+$/.test(box.slice(mark.length + 1)));
}
