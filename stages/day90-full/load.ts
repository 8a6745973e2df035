/*
 * Claim: being counted, watched and let in one by one costs readers nothing that they would notice.
 *
 *   k6 run -e BASE_URL=http://127.0.0.1:3007 stages/day90-full/load.ts
 *
 * Beside the stage before:
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3006 -e AFTER=http://127.0.0.1:3007 stages/day90-full/load.ts
 */
import { openLoad, publicReads, summaryFor } from '../../bench/k6/journeys.ts';

export const options = openLoad({ rate: 300, p99Ms: 1_500 });
export default publicReads;
export const handleSummary = summaryFor('Public reads: posts, authors, the popular list, the feed');
