/*
 * Claim: at the same load, and with boxes of the same size, each stage carries more than the one before it, or answers sooner, or
 * loses less.
 *
 *   k6 run -e WARMUP_SECONDS=0 -e RATE=100 -e BEFORE=http://127.0.0.1:3001 -e AFTER=http://127.0.0.1:3002 bench/k6/sweep.load.ts
 *
 * The two are loaded by turns, before, after, after, before. `npx -y pnpm compare` runs it for all stages and over rising rates;
 * it logs members in beforehand, and names the file with their cookies in MEMBERS: without one, members' requests are refused.
 */
import { byTurns, knownMembers, summaryFor, wholeDay } from './journeys.ts';

const members = knownMembers();

export const options = byTurns({
  arms: (__ENV.TURNS || 'before,after,after,before').split(','),
  rate: Number(__ENV.RATE) || 100,
  seconds: Number(__ENV.TURN_SECONDS) || 2.5,
  restSeconds: Number(__ENV.REST_SECONDS) || 0.5,
  patienceSeconds: 0.75,
});
export default () => wholeDay(members);
export const handleSummary = summaryFor('A whole day: nine reads to a write, some of members, some from far away');
