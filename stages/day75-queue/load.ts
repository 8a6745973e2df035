/*
 * Claim: who signs up waits for the account, and not for a mail server.
 *
 *   k6 run -e BASE_URL=http://127.0.0.1:3006 stages/day75-queue/load.ts
 */
import { openLoad, publicReads, summaryFor } from '../../bench/k6/journeys.ts';

export const options = openLoad({ rate: 300, p99Ms: 1_500 });
export default publicReads;
export const handleSummary = summaryFor('Public reads: posts, authors, the popular list, the feed');
