import type { OFFERED_MAIL_FAULTS } from './mail-faults.ts';

/** What was asked of a box, or of all of them, in the last seconds. Times in milliseconds. */
export interface Traffic {
  perSecond: number;
  p50: number;
  p95: number;
  /** Answers of 500 and above, and none at all, as a share of all. */
  errors: number;
  /** Share that a cache answered; none where the box says nothing of a cache. */
  hits?: number;
}

/** A box in one second. */
export interface BoxFigures {
  name: string;
  /** The mark on the map that it belongs to: `app` of `app-2`. */
  mark: string;
  state: string;
  pid: number | null;
  restarts: number;
  /** The port that orders are given at, where there is one. */
  port?: number;
  /** What is wrong with it until it is taken back: `frozen`, `paused`, or what its mail server does. */
  wrong?: string;
  /** Share of one core it used, and may use. */
  cpu?: number;
  budget?: number;
  /** Share of the periods in which it hit its budget. */
  throttled?: number;
  memoryBytes?: number;
  traffic?: Traffic;
  /** What only it, or Prometheus, knows, in words: `0.2 s behind`. */
  told?: string[];
}

/** An alert that Prometheus has. */
export interface Alert {
  name: string;
  state: string;
  summary: string;
}

/** The channel that notices go to: what it got last, the newest first. */
export interface Channel {
  /** Of its page, which has all of them. */
  url: string;
  received: number;
  /** Whether signs of life come: `alive`, `missing`, or `waiting` for the first. */
  watchdog: string;
  notices: { number: number; at: string; title: string; text: string }[];
}

/** What became of a fault that was put in from the page. */
export interface Trial {
  what: string;
  expected: string;
  /** Seconds since it began. */
  seconds: number;
  isOver: boolean;
  /** From the fault until the box was up again, in seconds; none before. */
  backAfter?: number;
  /** Of a visitor that reads ten posts a second meanwhile. */
  requests: number;
  failed: number;
  verdict: string;
}

/** Traffic that is asked for: requests a second, the share of them that write, the exponent of Zipf's law, and where they come from. */
export interface WantedLoad {
  rate: number;
  writes: number;
  skew: number;
  from: string;
}

/** Traffic that is sent now, or was last. */
export interface Load extends WantedLoad {
  /** So many a second the generator can send here, to a server that does nothing. */
  ceiling: number;
  /** The command that sends it. */
  command: string;
}

/** All there is to see in one second. */
export interface Snapshot {
  /** Milliseconds since 1970. */
  at: number;
  boxes: BoxFigures[];
  /** At the visitors' end, as far as there are logs: at these boxes. */
  visitors: Traffic;
  seenAt: string[];
  alerts: Alert[];
  channel?: Channel;
  trial?: Trial;
  load?: Load;
}

/** One second of the last ten minutes, as far as lines are drawn of it. */
export interface Moment {
  at: number;
  perSecond: number;
  p95: number;
  errors: number;
  /** CPU by box. */
  cpu: Record<string, number>;
}

/** What does not change while the page is open. */
export interface Scene {
  instance: string;
  stage: string;
  url: string;
  /** Whether boxes are to have CPU budgets, and this system has none. */
  lacksBudgets: boolean;
  /** The box that `url` leads to. */
  door: string;
  /** Where visitors come in, by where they are: the address, and the box that answers it. */
  doors: Record<string, string>;
  doorBoxes: Record<string, string>;
  marks: SceneMark[];
  connections: { from: string; to: string; rttMs?: number }[];
}

/** A mark on the map. */
export interface SceneMark {
  name: string;
  kind: string;
  program?: string;
  /** How few and how many there may be, where that can change. */
  least?: number;
  most?: number;
  /** What can be done to each of its boxes, and to all of them together. */
  boxActions: Action['do'][];
  markActions: Action['do'][];
}

/** What can be done from the page. */
export interface Action {
  do: 'kill' | 'freeze' | 'thaw' | 'reload' | 'pause' | 'resume' | 'mail' | 'scale' | 'roll' | 'failover';
  /** A box; of `scale`, `roll` and `failover` a mark. */
  box: string;
  /** How many, of `scale`. */
  count?: number;
  /** What a mail server is to do wrong, or `none`. */
  fault?: (typeof OFFERED_MAIL_FAULTS)[number];
}
