/*
 * Claim: with an index on `views` the popular page needs no cache to be fast.
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3022 -e AFTER=http://127.0.0.1:3002 stages/day15-cache/claims/index-instead.load.ts
 *
 * The one with the index: `pnpm --filter stage-2 exec day90 start claims/index-on-views/topology.ts`.
 */
import { openLoad, popularPage, summaryFor } from '../../../bench/k6/journeys.ts';

export const options = openLoad({ rate: 300, p99Ms: 250 });
export default popularPage;
export const handleSummary = summaryFor('GET /posts/popular, by an index and from the cache');
