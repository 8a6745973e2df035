/*
 * Claim: once there is a network between app and database, each of the 101 queries of a naive feed is a round trip, and
 * waits for the one before it.
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3023 -e AFTER=http://127.0.0.1:3003 stages/day30-scaleout/claims/n-plus-one.load.ts
 *
 * Both started with a database 10 ms away, from the stage's folder:
 *
 *   pnpm --filter stage-3 start --db-rtt 10ms
 *   pnpm --filter stage-3 exec day90 start claims/n-plus-one/topology.ts --db-rtt 10ms
 */
import { feed, openLoad, summaryFor } from '../../../bench/k6/journeys.ts';

// A naive feed takes more than a second, during which one of the pool's ten connections is always busy: at six a second
// nobody waits for one, which would be measured otherwise. The odd rate keeps the two from arriving at the same moment.
export const options = openLoad({ rate: { before: 6, after: 19 }, p99Ms: 2000 });
export default feed;
export const handleSummary = summaryFor('GET /posts?limit=100, the feed, with the database 10 ms away');
