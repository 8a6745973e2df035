/*
 * Claim: jobs that are being done do not make readers wait.
 *
 *   k6 run -e BASE_URL=http://127.0.0.1:3006 stages/day75-queue/load.ts
 *
 * Beside the stage before:
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3005 -e AFTER=http://127.0.0.1:3006 stages/day75-queue/load.ts
 *
 * Look at `npx -y pnpm --filter stage-6 queue` meanwhile, and sign up. The claim about signing up itself has a script of its own,
 * claims/signup.load.ts, since an address may do that five times an hour.
 */
import { openLoad, publicReads, summaryFor } from '../../bench/k6/journeys.ts';

export const options = openLoad({ rate: 300, p99Ms: 1_500 });
export default publicReads;
export const handleSummary = summaryFor('Public reads: posts, authors, the popular list, the feed');
