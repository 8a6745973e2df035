import { fileURLToPath } from 'node:url';
import {
  compareBlocks,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  mean,
  measuredValue,
  type PairedBlock,
  quantile,
  resultBlocks,
  withInstances,
} from '@day90/bench';
import { hashPassword } from '@day90/core';
import { loadTopology } from '@day90/infra';
import { topology } from '../src/topology.ts';
import { type Followed, followSignups } from './mail/follow-signups.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const STAGE_5 = fileURLToPath(new URL('../../day60-cdn/src/topology.ts', import.meta.url));
const SIGNUPS_A_BLOCK = 10;
/** What signing up may take above its hash, in milliseconds. */
const MOST_ABOVE_HASH_MS = 20;

/** One block: sign-ups on either stage, and as many bare hashes of a password meanwhile. */
interface Block {
  before: Followed;
  after: Followed;
  hashMs: number[];
}

/** Follows sign-ups to their mails: an answer that comes at once is not a mail that comes at once. */
export const mail: MeasuredClaim = {
  kind: 'measured',
  id: 'mail',
  title:
    'The mail is there when it was there before: the answer no longer waits for it, and takes little more than its hash',
  proves: ['C21'],
  scale: 'small', // neither depends on how much data there is
  seconds: 170,
  quickSeconds: 80,
  measure,
};

async function measure(context: MeasureContext): Promise<Measurement> {
  const { topology: stage5, folder } = await loadTopology(STAGE_5);
  const shared = {
    ...{ replicas: { app: 1 }, budgets: false },
    env: { app: { SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: '1000000' } },
  };
  const wanted = [
    { name: 'stage-5', topology: stage5, folder, ...shared },
    { name: 'stage-6', topology, folder: FOLDER, ...shared },
  ];
  return withInstances(context, wanted, async ([before, after]) => {
    if (!before || !after) throw new Error('both stages are needed');
    const blocks: Block[] = [];
    const plan = context.quick ? { blocks: 10, leastBlocks: 8 } : { blocks: 24, leastBlocks: 20 };
    const startedAt = performance.now();
    for (let i = 0; i < plan.blocks; i += 1) {
      const [ofBefore, ofAfter, hashMs] = await Promise.all([
        followSignups(before, SIGNUPS_A_BLOCK, context.signal),
        followSignups(after, SIGNUPS_A_BLOCK, context.signal),
        hashes(),
      ]);
      blocks.push({ before: ofBefore, after: ofAfter, hashMs });
      await context.progress((i + 1) / plan.blocks);
    }
    const blockSeconds = (performance.now() - startedAt) / 1000 / plan.blocks;
    return { ...judge(context, blocks, { blockSeconds, leastBlocks: plan.leastBlocks }), budgets: 'none' as const };
  });
}

/** As the app does it, in a process that has nothing else to do. */
async function hashes(): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < SIGNUPS_A_BLOCK; i += 1) {
    const startedAt = performance.now();
    await hashPassword('a password of this claim');
    took.push(performance.now() - startedAt);
  }
  return took;
}

function judge(
  { seed, judged }: MeasureContext,
  blocks: readonly Block[],
  { blockSeconds, leastBlocks }: { blockSeconds: number; leastBlocks: number },
): Measurement {
  const pairs: PairedBlock[] = blocks.map(({ before, after }) => {
    const half = after.mailMs.length / 2;
    const aa = [mean(after.mailMs.slice(0, half)), mean(after.mailMs.slice(half))] as const;
    return { before: mean(before.mailMs), after: mean(after.mailMs), aa };
  });
  const comparison = compareBlocks(pairs, { seed, leastBlocks });
  const p95 = (pick: (block: Block) => number[]) => blocks.map((block) => at95(pick(block)));
  const above = blocks.map(({ after, hashMs }) => at95(after.answerMs) - at95(hashMs));
  const sent = blocks.length * SIGNUPS_A_BLOCK * 2;
  return {
    metric: 'from signing up to the mail accepted, mean per block',
    unit: 'ms',
    comparison,
    arms: [
      { name: 'before', label: 'stage-5', latency: latencyOf(blocks.flatMap(({ before }) => before.answerMs)) },
      { name: 'after', label: 'stage-6', latency: latencyOf(blocks.flatMap(({ after }) => after.answerMs)) },
    ],
    values: [
      measuredValue(
        'the hash of a password alone, p95',
        'ms',
        p95(({ hashMs }) => hashMs),
      ),
      measuredValue(
        'a sign-up at stage 6, p95',
        'ms',
        p95(({ after }) => after.answerMs),
      ),
      measuredValue(
        'a sign-up at stage 6 above its hash, p95',
        'ms',
        above,
        judged ? { op: '<=', value: MOST_ABOVE_HASH_MS } : undefined,
      ),
    ],
    accounting: { offered: sent, answered: sent, refused: 0, timedOut: 0, dropped: 0 },
    blocks: resultBlocks(pairs, blockSeconds, comparison.warmupBlocks),
    blockSeconds,
    notes: [
      `${blocks.length} blocks: ${SIGNUPS_A_BLOCK} people sign up at either stage, four a second, both at once; each is followed to the moment in which the mail server has accepted their mail. It takes two seconds for that, which is our doing (MAIL_DELAY_MS).`,
      'One app box, one worker, one relay; no budgets. Passwords are hashed by argon2id (19 MiB, 2 passes); as many are hashed by the bench itself, one after the other, meanwhile.',
      'Times of arms are those of the answers.',
      'A/A: the first and the second half of the sign-ups of the after arm, in the same blocks.',
    ],
  };
}

function at95(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.95,
  );
}
