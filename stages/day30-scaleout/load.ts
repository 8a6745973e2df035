/*
 * Claim: three equal boxes behind one nginx carry three times what one of them carries, and no visitor sees a difference.
 *
 *   k6 run -e BASE_URL=http://127.0.0.1:3003 stages/day30-scaleout/load.ts
 *
 * Beside the stage before:
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3002 -e AFTER=http://127.0.0.1:3003 stages/day30-scaleout/load.ts
 *
 * This load is below what the boxes carry, and shows how long visitors wait. While it runs, take boxes away and add some:
 * `npx -y pnpm --filter stage-3 scale 1`, then 5. How much they carry shows at their limit, where k6 would be busier than
 * they are: `npx -y pnpm bench stage-3` brings wrk for that.
 */
import { openLoad, publicReads, summaryFor } from '../../bench/k6/journeys.ts';

// So many virtual users that none is missing at the start, when boxes still compile and have a fifth of a core for it.
export const options = openLoad({ rate: 300, p99Ms: 1_500 });
export default publicReads;
export const handleSummary = summaryFor('Public reads: posts, authors, the popular list, the feed');
