import { fileURLToPath } from 'node:url';
import {
  exactComparison,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
  quantile,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { logIn } from '@day90/testing/members';
import { EDGE_BOXES } from '../src/distances.ts';
import { topology } from '../src/topology.ts';
import { Visitor } from './visitor.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const EDITS = 200;
const LONGEST_MS = 1000;
/** So long an old page may be shown before a run is given up. */
const PATIENCE_MS = 20_000;

/** Edits posts that every edge has, and looks when each shows it. */
export const purge: MeasuredClaim = {
  kind: 'measured',
  id: 'purge',
  title: 'An edit is seen at every edge within a second, though each might keep the page for a minute',
  proves: ['T9'],
  scale: 'small',
  seconds: 110,
  quickSeconds: 45,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const wanted = [{ name: 'purge', topology, folder: FOLDER, budgets: false }];
  return withInstances(context, wanted, async ([instance]) => {
    const stage = instance as Instance;
    const edits = context.quick ? EDITS / 5 : EDITS;
    const visitors = EDGE_BOXES.map((edge) => Visitor.at(stage, edge));
    const cookie = await logIn(stage.url, 1);
    const id = await newPost(stage.url, cookie);
    const seen: number[][] = [];
    try {
      for (let n = 0; n < edits; n += 1) {
        await Promise.all(visitors.map((visitor) => visitor.read(`/posts/${id}`)));
        seen.push(await edit(stage.url, cookie, id, `edit ${n}`, visitors));
        await context.progress((n + 1) / edits);
      }
    } finally {
      for (const visitor of visitors) visitor.close();
    }
    return summarize(context, stage, seen);
  });
}

async function newPost(url: string, cookie: string): Promise<string> {
  const headers = { 'Content-Type': 'application/json', Cookie: cookie };
  const answer = await fetch(`${url}/posts`, { method: 'POST', headers, body: '{"title":"T","body":"B"}' });
  return ((await answer.json()) as { id: string }).id;
}

/** @returns How long after the answer to its author each edge showed it, in milliseconds. */
async function edit(url: string, cookie: string, id: string, title: string, visitors: Visitor[]): Promise<number[]> {
  const headers = { 'Content-Type': 'application/json', Cookie: cookie };
  const answer = await fetch(`${url}/posts/${id}`, { method: 'PUT', headers, body: JSON.stringify({ title }) });
  if (answer.status !== 200) throw new Error(`the edit was answered ${answer.status}`);
  const answeredAt = performance.now();
  return Promise.all(visitors.map((visitor) => shownAfter(visitor, id, title, answeredAt)));
}

async function shownAfter(visitor: Visitor, id: string, title: string, answeredAt: number): Promise<number> {
  for (;;) {
    const { text } = await visitor.read(`/posts/${id}`);
    const ms = performance.now() - answeredAt;
    if (text.includes(`"title":"${title}"`)) return ms;
    if (ms > PATIENCE_MS) throw new Error(`an edge showed the old page for ${PATIENCE_MS / 1000} s`);
  }
}

function summarize({ judged }: MeasureContext, { ready }: Instance, seen: number[][]): Measurement {
  const of = (i: number) => seen.map((edges) => edges[i] ?? Number.NaN).toSorted((a, b) => a - b);
  const all = seen.map((edges) => Math.max(...edges)).toSorted((a, b) => a - b);
  const late = all.filter((ms) => ms >= LONGEST_MS).length;
  const goal = judged ? { op: '<=' as const, value: LONGEST_MS } : undefined;
  return {
    metric: 'edits that every edge showed within a second',
    unit: 'count',
    comparison: {
      ...exactComparison(all.length, Math.max(1, all.length - late)),
      before: all.length,
      after: all.length - late,
    },
    arms: [
      { name: 'before', label: 'edits' },
      { name: 'after', label: 'seen at every edge' },
    ],
    counts: [
      {
        name: 'edits that an edge showed later',
        before: all.length,
        after: late,
        ...(judged && { goal: { op: '=' as const, value: 0, met: late === 0 } }),
      },
    ],
    values: [
      measuredValue('until every edge showed an edit, p50', 'ms', quantile(all, 0.5)),
      measuredValue('until every edge showed an edit, p99', 'ms', quantile(all, 0.99), goal),
      measuredValue('until every edge showed an edit, longest', 'ms', all.at(-1) ?? 0),
      ...EDGE_BOXES.map((edge, i) => measuredValue(`until ${edge} showed it, p50`, 'ms', quantile(of(i), 0.5))),
    ],
    accounting: { offered: all.length, answered: all.length, refused: 0, timedOut: 0, dropped: 0 },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `${all.length} edits of a post through Seoul's edge, one after the other, each once all three edges had the page before it. From the answer to its author until an edge answered with the new title, asked there again and again without a pause: so the time of the fetch that brings it is in it, from London 290 ms of distance.`,
      'The page may be kept for 60 s. The purge goes to London over the modelled distance, too.',
    ],
    budgets: ready.budgets,
  };
}
