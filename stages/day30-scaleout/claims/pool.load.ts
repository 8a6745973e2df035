/*
 * Claim: to ask Postgres for one row takes a fraction of what it takes to connect to it.
 *
 *   k6 run -e BEFORE=http://127.0.0.1:3033 -e AFTER=http://127.0.0.1:3003 stages/day30-scaleout/claims/pool.load.ts
 *
 * The one without a pool: `pnpm --filter stage-3 exec day90 start claims/pool/topology.ts`.
 */
import { newest, openLoad, summaryFor } from '../../../bench/k6/journeys.ts';

// A connection costs app and server some milliseconds of CPU each: this is a third of what they can carry.
export const options = openLoad({ rate: 100, p99Ms: 250 });
export default newest;
export const handleSummary = summaryFor('GET /posts?limit=1, one row from Postgres');
