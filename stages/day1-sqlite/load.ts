/*
 * Claim: a feed of 100 posts that asks for each author by itself costs 101 queries; one JOIN costs 1, and the database
 * works a fraction of the time for the same answer.
 *
 *   k6 run -e BASE_URL=http://127.0.0.1:3001 stages/day1-sqlite/load.ts
 *
 * Both sides at once, the JOIN taken back on the one (`pnpm --filter stage-1 exec day90 start claims/n-plus-one/topology.ts`):
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3021 -e AFTER=http://127.0.0.1:3001 stages/day1-sqlite/load.ts
 *
 * The naive app on 3011 has no index either, and takes most of a second for this page: give it -e RATE=1.
 */
import { feed, openLoad, summaryFor } from '../../bench/k6/journeys.ts';

// Just under half of what the slower arm can carry. At a tenth of it, what is measured most is how cold the caches are.
export const options = openLoad({ rate: 250, p99Ms: 250 });
export default feed;
export const handleSummary = summaryFor('GET /posts?limit=100, the feed');
