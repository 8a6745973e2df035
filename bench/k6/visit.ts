import exec from 'k6/execution';
import http, { type RefinedResponse } from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { type ArmTarget, targets } from './arms.ts';
import { readServerTiming } from './server-timing.ts';

const ARMS = targets(__ENV);
const WARMUP_MS = Number(__ENV.WARMUP_SECONDS || 10) * 1000;
const TIMEOUT = `${__ENV.TIMEOUT_SECONDS || 10}s`;
/**
 * Of an arm that has an address for them, one visitor in so many comes from far away: always the same virtual users, since each
 * has a connection of its own, and one that is used once shows how long it takes to open.
 */
const FAR_IN = 5;
/** k6's own code for a request that got no answer in time. */
const TIMED_OUT = 1050;

const dbMs = new Trend('db_ms', true);
const appMs = new Trend('app_ms', true);
const queries = new Trend('queries');
const offered = new Counter('offered');
const answered = new Counter('answered');
const refused = new Counter('refused');
const timedOut = new Counter('timed_out');

export type Answer = RefinedResponse<'text'>;

/** What a request is, beside its path. */
export interface Ask {
  method?: 'GET' | 'POST' | 'PUT';
  body?: string;
  headers?: Record<string, string>;
  /** Of the answer that is expected. */
  status?: number;
}

/**
 * Sends one visitor's request to an arm and counts what came of it: `offered` before it is sent, then `answered`, `refused`
 * (another answer than expected, or no connection) or `timed_out`, so that none is lost from the books.
 *
 * @param name - Of the route, for the `name` tag: urls with an id in them would each become a series of their own.
 * @param isExpected - Looks at the answer. A fast error must not pass for good latency.
 * @param ask - What is asked of an arm, where it is more than a GET that is answered with 200.
 */
export function visit(
  name: string,
  path: string,
  isExpected: (answer: Answer) => boolean,
  ask: (arm: ArmTarget) => Ask = () => ({}),
): void {
  const arm = pickArm();
  const isFar = arm.farUrl !== undefined && exec.vu.idInTest % FAR_IN === 0;
  const { method = 'GET', body = null, headers = {}, status = 200 } = ask(arm);
  const tags = {
    arm: arm.name,
    // Two random halves of one arm: as far as these differ, a difference means nothing.
    label: Math.random() < 0.5 ? 'a' : 'b',
    // Of the scenario: logging members in comes before it.
    phase: Date.now() - exec.scenario.startTime < WARMUP_MS ? 'warmup' : 'run',
    ...(arm.farUrl !== undefined && { place: isFar ? 'far' : 'near' }),
  };
  offered.add(1, tags);
  const params = { tags: { ...tags, name }, headers, timeout: TIMEOUT, responseType: 'text' as const };
  const answer = http.request(method, (isFar ? arm.farUrl : arm.url) + path, body, params);
  if (answer.error_code === TIMED_OUT) {
    timedOut.add(1, tags);
  } else if (answer.status === status && isExpected(answer)) {
    answered.add(1, tags);
    record(answer, tags);
  } else {
    refused.add(1, tags);
  }
}

function pickArm(): ArmTarget {
  // A scenario of one arm bears its name: `before`, or `before-2` where the arms are loaded by turns.
  const own = ARMS.find((arm) => exec.scenario.name.split('-')[0] === arm.name);
  return own ?? (ARMS[Math.floor(Math.random() * ARMS.length)] as ArmTarget);
}

function record(answer: Answer, tags: Record<string, string>): void {
  const timing = readServerTiming(answer.headers['Server-Timing']);
  if (timing.dbMs !== undefined) dbMs.add(timing.dbMs, tags);
  if (timing.appMs !== undefined) appMs.add(timing.appMs, tags);
  if (timing.queries !== undefined) queries.add(timing.queries, tags);
}
