/** What a finale has to reach: milliseconds, shares of all requests, and bytes for a visitor. */
export const GOALS = {
  p99: 100,
  p999: 250,
  failed: 0.001,
  /** So many must pass the edge, down to the databases: else a cache alone would be measured. */
  through: 0.05,
  /** Of memory on the whole machine. */
  bytes: 10_000,
};
