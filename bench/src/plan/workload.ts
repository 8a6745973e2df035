/** What a site is asked for. Every field is printed with the plan, the assumed ones as such. */
export interface Workload {
  /** People a day. */
  users: number;
  /** Of each of them. */
  requestsPerUser: number;
  /** How much more comes at the busiest time than on average. */
  peakFactor: number;
  /** The share of requests that only read, 0 to 1. */
  readShare: number;
  /** Of an average answer, in kilobytes of 1,000 bytes. */
  answerKb: number;
  /** What a write leaves in the database, its indexes included, in kilobytes. */
  rowKb: number;
  /** The share of a machine's CPU that is used at the peak; what is left is for what nobody has foreseen. */
  utilisation: number;
  /** From an answer to the same visitor's next request, in seconds. */
  pauseSeconds: number;
}

/** The guide's users and shares; the rest is assumed, and said so. */
export const DEFAULTS: Workload = {
  ...{ users: 1_000_000, requestsPerUser: 20, peakFactor: 4, readShare: 0.9 },
  ...{ answerKb: 9, rowKb: 2, utilisation: 0.6, pauseSeconds: 10 },
};

/** A workload in a second and in a month. */
export interface Demand {
  /** Requests a second: on average, and at the peak. */
  average: number;
  peak: number;
  /** At the peak. */
  readsPerSecond: number;
  writesPerSecond: number;
  /** Bytes a second at the peak. */
  bytesPerSecond: number;
  requestsAMonth: number;
  /** Of answers, and of rows that are new. */
  gigabytesAMonth: number;
  newGigabytesAMonth: number;
}

const SECONDS_A_DAY = 86_400;
/** A twelfth of a year, as cloud providers bill. */
export const HOURS_A_MONTH = 730;

/** What a workload comes to. */
export function demandOf(load: Workload): Demand {
  const average = (load.users * load.requestsPerUser) / SECONDS_A_DAY;
  const peak = average * load.peakFactor;
  const requestsAMonth = average * 3_600 * HOURS_A_MONTH;
  return {
    ...{ average, peak, requestsAMonth },
    ...{ readsPerSecond: peak * load.readShare, writesPerSecond: peak * (1 - load.readShare) },
    bytesPerSecond: peak * load.answerKb * 1_000,
    gigabytesAMonth: (requestsAMonth * load.answerKb) / 1e6,
    newGigabytesAMonth: (requestsAMonth * (1 - load.readShare) * load.rowKb) / 1e6,
  };
}
