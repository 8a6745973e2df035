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
  isFrozen: boolean;
  /** Share of one core it used, and may use. */
  cpu?: number;
  budget?: number;
  /** Share of the periods in which it hit its budget. */
  throttled?: number;
  memoryBytes?: number;
  traffic?: Traffic;
  /** What Prometheus alone knows, in words: `queue 12`. */
  told?: string[];
}

/** An alert that Prometheus has. */
export interface Alert {
  name: string;
  state: string;
  summary: string;
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

/** What the page has sent: reads a second, the exponent of Zipf's law, and where they come from. */
export interface Load {
  rate: number;
  skew: number;
  from: string;
  /** So many a second the generator can send here, to a server that does nothing. */
  ceiling: number;
}

/** All there is to see in one second. */
export interface Snapshot {
  /** Milliseconds since 1970. */
  at: number;
  boxes: BoxFigures[];
  /** At the visitors' end: at all doors that write a log. */
  visitors: Traffic;
  alerts: Alert[];
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
  /** Where visitors come in, by where they are. */
  doors: Record<string, string>;
  marks: { name: string; kind: string; program?: string; least?: number; most?: number }[];
  connections: { from: string; to: string; rttMs?: number }[];
}

/** What can be done from the page. */
export interface Action {
  do: 'kill' | 'freeze' | 'thaw' | 'scale' | 'roll';
  /** A box; of `scale` and `roll` a mark. */
  box: string;
  count?: number;
}

/** What a box did for the request that was sent. */
interface Step {
  box: string;
  text: string;
  /** Since the first one began. */
  afterMs: number;
  ms?: number;
}

/** A request that was sent from the page, and its way. */
export interface Sent {
  id: string;
  path: string;
  status: number;
  ms: number;
  steps: Step[];
}
