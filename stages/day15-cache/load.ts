/*
 * Claim: the popular page reads and sorts every post for each visitor; from the cache it is one GET, whatever the table holds.
 *
 *   k6 run -e BASE_URL=http://127.0.0.1:3002 stages/day15-cache/load.ts
 *
 * Beside the stage before, both started with `--scale full`:
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3001 -e AFTER=http://127.0.0.1:3002 stages/day15-cache/load.ts
 */
import { openLoad, popularPage, summaryFor } from '../../bench/k6/journeys.ts';

// A scan of a million posts keeps the whole process busy for a fifth of a second, so this arm gets few visitors. The odd rate
// of the other one keeps the two from always arriving at the same moment.
export const options = openLoad({ rate: { before: 1.3, after: 97 }, p99Ms: 900 });
export default popularPage;
export const handleSummary = summaryFor('GET /posts/popular, the 20 most viewed posts');
