/*
 * Claim: a primary and two replicas carry two and a half times what one database carries, and nobody misses what they have
 * just written.
 *
 *   k6 run -e BASE_URL=http://127.0.0.1:3004 stages/day45-replicas/load.ts
 *
 * Beside the stage before:
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3003 -e AFTER=http://127.0.0.1:3004 stages/day45-replicas/load.ts
 *
 * This load is below what the boxes carry, and shows how long visitors wait; look at `dbnode` in Server-Timing meanwhile, and
 * at what `npx -y pnpm --filter stage-4 failover` does to them. How much three databases carry shows at their limit, where k6
 * would be busier than they are: `npx -y pnpm bench stage-4` brings wrk for that.
 */
import { openLoad, publicReads, summaryFor } from '../../bench/k6/journeys.ts';

export const options = openLoad({ rate: 300, p99Ms: 1_500 });
export default publicReads;
export const handleSummary = summaryFor('Public reads: posts, authors, the popular list, the feed');
