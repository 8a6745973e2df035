/*
 * Claim: with little to do, three boxes behind nginx are no faster than one app with its database in the process. Each
 * answer takes a way more, and each query leaves the process.
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3002 -e AFTER=http://127.0.0.1:3003 stages/day30-scaleout/claims/hop.load.ts
 */
import { openLoad, publicRead, summaryFor } from '../../../bench/k6/journeys.ts';

// A tenth of what either can carry, so that nobody waits for anybody.
export const options = openLoad({ rate: 200, p99Ms: 500 });
export default publicRead;
export const handleSummary = summaryFor('What the public reads: posts, popular, authors, feed');
