/*
 * Claim: a visitor far away waits for the edge near them, and not for Seoul.
 *
 *   k6 run -e BASE_URL=http://127.0.0.1:15043 stages/day60-cdn/load.ts
 *
 * From Los Angeles, beside the same without edges; `start` prints these addresses, and those of the other cities:
 *
 *   k6 run -e BEFORE=http://127.0.0.1:15047 -e AFTER=http://127.0.0.1:15043 stages/day60-cdn/load.ts
 *
 * What an edge has not is as far away as ever: look at `edge` in Server-Timing, and at `X-Cache`. The table of all cities, hits and
 * misses each on their own, is `npx -y pnpm bench stage-5`.
 */
import { openLoad, publicReads, summaryFor } from '../../bench/k6/journeys.ts';

export const options = openLoad({ rate: 100, p99Ms: 2_000 });
export default publicReads;
export const handleSummary = summaryFor('Public reads: posts, authors, the popular list, the feed');
