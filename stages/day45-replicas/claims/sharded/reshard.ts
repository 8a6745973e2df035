import { fileURLToPath } from 'node:url';
import {
  exactComparison,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
} from '@day90/bench';
import { type Instance, launch } from '@day90/infra';
import pg from 'pg';
import { type Resharded, reshard } from '../../src/sharded/reshard/reshard.ts';
import { data } from '../../src/sharded/shard-data.ts';
import { topology } from '../../src/sharded/topology.ts';
import { type Books, visit } from './reshard/visitors.ts';
import { rolePasswords, urlsOf } from './shards-alone.ts';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const SHARDS = 4;
const MEMBERS = 12;
const LIMITS = {
  LOGIN_TURNS_PER_MINUTE: '1000',
  LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '100000',
  CACHE_POST_SECONDS: '1',
};

/** Adds a fourth shard to a stage that is read and written. */
export const reshardClaim: MeasuredClaim = {
  kind: 'measured',
  id: 'reshard',
  title: 'A fourth shard takes a quarter of the buckets and no more, while everybody reads and writes on',
  proves: ['C15', 'T7'],
  seconds: 60,
  measure,
};

async function measure(context: MeasureContext): Promise<Measurement> {
  await context.template(data, context.scale);
  const instance = await launch(topology, {
    ...{ folder: FOLDER, scale: context.scale, signal: context.signal, ports: 'free', quiet: true, throwAway: true },
    ...{ instance: `bench-${process.pid}-reshard`, budgets: false, env: { app: LIMITS, mail: { MAIL_DELAY_MS: '0' } } },
    onProgress: () => {},
  });
  try {
    const over = new AbortController();
    const visiting = visit(instance.url, MEMBERS, over.signal);
    const startedAt = performance.now();
    const result = await growTo(SHARDS, instance, context);
    const seconds = (performance.now() - startedAt) / 1000;
    over.abort();
    const books = await visiting;
    const found = await stored(instance, books);
    return summarize(context, { result, books, seconds, ...found });
  } finally {
    await instance.stop();
  }
}

async function growTo(shards: number, instance: Instance, context: MeasureContext): Promise<Resharded> {
  const passwords = await rolePasswords();
  let moved = 0;
  return reshard({
    ...{ shards, say: () => {}, signal: context.signal },
    urlOf: async (shard) => urlsOf(instance, 'owner', passwords)[shard - 1] as string,
    grow: (count) => instance.scale('shard', count),
    onStep: async (step) => {
      if (step === 'dropped') await context.progress(++moved / 260);
    },
  });
}

/** How often each acknowledged post is there, asked of all shards as their owner, who sees what is hidden from the app, too. */
async function stored(instance: Instance, { posts }: Books) {
  const times = new Map<string, number>();
  let wrong = 0;
  for (const connectionString of urlsOf(instance, 'owner', await rolePasswords())) {
    const client = new pg.Client({ connectionString });
    await client.connect();
    const { rows } = await client.query<{ id: string; title: string }>(
      'SELECT id, title FROM posts WHERE id = ANY($1)',
      [[...posts.keys()]],
    );
    await client.end();
    for (const { id, title } of rows) {
      times.set(id, (times.get(id) ?? 0) + 1);
      if (title !== posts.get(id)) wrong += 1;
    }
  }
  return { lost: posts.size - times.size + wrong, doubled: [...times.values()].filter((count) => count > 1).length };
}

interface Seen {
  result: Resharded;
  books: Books;
  seconds: number;
  lost: number;
  doubled: number;
}

function summarize({ judged }: MeasureContext, { result, books, seconds, lost, doubled }: Seen): Measurement {
  const { buckets, rows, allRows, modulo, longestPauseMs } = result;
  const none = (name: string, before: number, after: number) => ({
    ...{ name, before, after },
    ...(judged && { goal: { op: '=' as const, value: 0, met: after === 0 } }),
  });
  const atMost = (value: number) => (judged ? { op: '<=' as const, value } : undefined);
  const byModulo = Math.round((1024 * modulo.moved) / modulo.of);
  return {
    metric: 'buckets moved, by id % shards and by the map',
    unit: 'count',
    comparison: exactComparison(byModulo, buckets),
    arms: [
      { name: 'before', label: 'id % shards' },
      { name: 'after', label: 'bucket map' },
    ],
    counts: [
      none('posts acknowledged, and those lost or with another title', books.posts.size, lost),
      none('posts acknowledged, and those there twice', books.posts.size, doubled),
      none('reads, and those failed or partial', books.reads, books.failedReads),
      none('writes, and those failed', books.writes, books.failedWrites),
    ],
    values: [
      measuredValue('buckets moved of all', '%', (100 * buckets) / 1024, atMost(26)),
      measuredValue('rows moved of all', '%', (100 * rows) / allRows, atMost(30)),
      measuredValue('members that id % shards would have moved', '%', (100 * modulo.moved) / modulo.of),
      measuredValue('longest time that writes to a bucket waited', 'ms', longestPauseMs, atMost(500)),
      measuredValue('longest write of a visitor', 'ms', books.longestWriteMs),
      measuredValue('the whole of it', 's', seconds),
    ],
    accounting: {
      offered: books.reads + books.writes,
      answered: books.reads + books.writes - books.failedReads - books.failedWrites,
      ...{ refused: books.failedReads + books.failedWrites, timedOut: 0, dropped: 0 },
    },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `${MEMBERS} members wrote, changed and read posts through nginx and 3 app boxes while buckets moved to a fourth shard, which was started for it. No budgets.`,
      'Every bucket’s rows were compared by count and by the sum of their hashes, on both shards, at one moment; what was written after it was compared once more while writers waited, before the bucket changed hands.',
      'What a member was told is compared with what the shards hold, by their owner, who also sees rows that the app does not.',
      'By id % shards: computed over the same members, not moved.',
    ],
  };
}
