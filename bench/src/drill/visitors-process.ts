import { seededRandom } from '../statistics/seeded-random.ts';
import type { Drill } from './drill.ts';
import { phasesOf, SEED } from './drill-run.ts';
import { drillsOf } from './drills.ts';
import { HttpClient } from './http-client.ts';
import { journeysOf } from './journeys.ts';
import { Ledger } from './ledger.ts';
import { type Member, Members } from './members.ts';
import { OpenLoad } from './open-load.ts';
import { OwnPosts } from './own-posts.ts';
import { settle } from './settle.ts';
import type { VisitorsStart, VisitorsTell } from './visitors-words.ts';

const WRITERS = 8;
/** A change may wait for 15 s, and one whose fate is unknown is not touched again. */
const LONGEST_WAIT_S = 40;

const told = new Promise<void>((resolve) => process.once('message', () => resolve()));
const over = new AbortController();
try {
  await visit(JSON.parse(process.argv[2] ?? '') as VisitorsStart, over.signal);
} catch (error) {
  await tell({ problem: error instanceof Error ? error.message : String(error) });
}
over.abort();
process.disconnect();

/** Logs members in and loads the stage until told to stop, and then looks after what was written. */
async function visit({ url, stage, number, scale, quick }: VisitorsStart, signal: AbortSignal): Promise<void> {
  const drill = (await drillsOf(stage)).find((one) => one.number === number);
  if (!drill) throw new Error(`${stage.name} has no drill ${number}`);
  const { rate, mix, resends } = drill;
  const since = new Date(Date.now() - 1000);
  const client = new HttpClient(url);
  const random = seededRandom(SEED);
  const ids = drill.ids?.(scale) ?? { member: String, post: String };
  const ledger = new Ledger(`${number}-${process.pid}`, drill.unavailable);
  const onLogin = (members: readonly Member[]) => void tell({ members });
  const members = await Members.logIn(client, { count: WRITERS, idOf: ids.member, onLogin }, signal);
  const posts = await OwnPosts.find(client, members.all, updatesEach(drill));
  const journeys = journeysOf({ scale, ids, random, members, ledger, posts });
  const load = new OpenLoad({ client, members, journeys, rate, mix, resends, random, signal });
  await tell({ begunAt: String(process.hrtime.bigint()) });
  await told;
  await load.stop();
  const patienceMs = 500 * phasesOf(drill, quick).healed;
  const audit = await settle({ client, members: members.all, ledger, since, patienceMs, signal });
  const fates = { acked: ledger.count('acked'), rejected: ledger.count('rejected'), unknown: ledger.count('unknown') };
  const { records, offered, latestMs } = load;
  await tell({ records, offered, latestMs, fates, ...(audit && { audit }) });
  client.close();
}

/** Resolves when it is on its way: what the channel still holds when it is closed is lost. */
function tell(what: VisitorsTell): Promise<void> {
  return new Promise((resolve) => process.send?.(what, undefined, undefined, () => resolve()));
}

/** Seeded posts that each writer needs, so that none is changed twice within the time an answer may take. */
function updatesEach({ mix, rate }: Drill): number {
  const total = Object.values(mix).reduce((sum, share) => sum + share, 0);
  const aSecond = (rate * (mix.update ?? 0)) / total;
  return Math.ceil((aSecond * LONGEST_WAIT_S) / WRITERS);
}
