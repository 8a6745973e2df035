/*
 * Claim: who signs up waits for the account and for nothing that follows from it.
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3005 -e AFTER=http://127.0.0.1:3006 stages/day75-queue/claims/signup.load.ts
 *
 * An address may sign up five times an hour: both stages have to be started with that raised, as the bench does it.
 */
import { openLoad, signup, summaryFor } from '../../../bench/k6/journeys.ts';

// Each costs some 30 ms of CPU for its password, whatever the stage: with both arms a fifth of a core.
export const options = openLoad({ rate: 6, p99Ms: 4_000 });
export default signup;
export const handleSummary = summaryFor('POST /signup');
