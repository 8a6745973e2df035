/*
 * Claim: without an index the page of one author reads every post there is; with one it reads that page.
 *
 *   k6 run -e BASE_URL=http://127.0.0.1:3001 stages/day1-sqlite/claims/author.load.ts
 *   k6 run -e BEFORE=http://127.0.0.1:3011 -e AFTER=http://127.0.0.1:3001 stages/day1-sqlite/claims/author.load.ts
 *
 * Start both with SCALE=full and pass -e SCALE=full to see it at a million posts.
 */
import { authorPage, openLoad, summaryFor } from '../../../bench/k6/journeys.ts';

// A scan at a million posts keeps the whole process busy, so this arm gets few visitors. The odd rate of the other one
// keeps the two from always arriving at the same moment.
export const options = openLoad({ rate: { before: 0.7, after: 9.7 }, p99Ms: 2000 });
export default authorPage;
export const handleSummary = summaryFor('GET /users/:id/posts, the page of one author');
