import { z } from 'zod';
import type { Alert } from '../snapshot.ts';
import { jsonFrom } from './in-time.ts';
import { type Told, tell } from './told.ts';

/** What Prometheus is asked, whose figure each series is, and how it is said. */
const QUESTIONS: {
  query: string;
  boxOf: (labels: Record<string, string>) => string;
  inWords: (value: number, labels: Record<string, string>) => string;
}[] = [
  {
    query: 'max by (replica) (replica_lag_seconds)',
    boxOf: ({ replica = '' }) => replica,
    inWords: (value) => `${value.toFixed(2)} s behind`,
  },
  {
    query: 'max by (queue, state) (queue_jobs{state=~"waiting|active|delayed"}) > 0',
    boxOf: () => 'queue',
    inWords: (value, { queue, state }) => `${value} ${queue} ${state}`,
  },
  {
    query: 'max by (queue, state) (outbox_rows) > 0',
    boxOf: () => 'relay',
    inWords: (value, { queue, state }) => `outbox: ${value} ${queue} ${state}`,
  },
  {
    query: 'sum(rate(cache_requests_total{result="hit"}[10s])) / sum(rate(cache_requests_total[10s]))',
    boxOf: () => 'cache',
    inWords: (value) => `${Math.round(value * 100)} % hits`,
  },
];

const labels = z.record(z.string(), z.string());
const vector = z.object({
  data: z.object({ result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })) }),
});
const alertList = z.object({
  data: z.object({ alerts: z.array(z.object({ labels, annotations: labels, state: z.string() })) }),
});

/**
 * Asks a Prometheus on this machine. What it does not answer in time is left out.
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export async function askPrometheus(port: number): Promise<Told> {
  const figures = new Map<string, string[]>();
  const ask = (path: string) => jsonFrom(`http://127.0.0.1:${port}/api/v1/${path}`);
  const [alerts, ...answers] = await Promise.all([
    ask('alerts'),
    ...QUESTIONS.map(({ query }) => ask(`query?query=${encodeURIComponent(query)}`)),
  ]);
  for (const [i, { boxOf, inWords }] of QUESTIONS.entries())
    for (const { metric, value } of vector.safeParse(answers[i]).data?.data.result ?? []) {
      const figure = Number(value[1]);
      if (!Number.isFinite(figure)) continue; // nothing was asked of a cache: 0 / 0
      tell(figures, boxOf(metric), inWords(figure, metric));
    }
  return { figures, alerts: alertsOf(alerts) };
}

/** The one that always fires tells that the watch itself is up, and has no severity. */
function alertsOf(answer: unknown): Alert[] {
  return (alertList.safeParse(answer).data?.data.alerts ?? [])
    .filter((alert) => alert.labels.severity !== 'none')
    .map((alert) => ({
      name: alert.labels.alertname ?? '',
      state: alert.state,
      summary: alert.annotations.summary ?? '',
    }));
}
