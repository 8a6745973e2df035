import type { Hop } from './hop.ts';
import type { LogEntry } from './log-entry.ts';

/**
 * What nginx saw of the boxes behind it, which write no line of their own for a request that went well: each that it tried, one
 * after the other. Its lists have a comma between two boxes, and a colon between two groups of them.
 * @see https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_addr
 */
export function fromProxy({ fields, at, ms = 0 }: LogEntry, boxAt: (address: string) => string): Hop[] {
  const [addresses, statuses, times] = [fields.upstream, fields.upstreamStatus, fields.upstreamSeconds].map(list);
  let began = at - ms;
  return (addresses ?? []).map((address, i) => {
    const took = Number(times?.[i]) * 1000 || 0;
    const status = statuses?.[i] ?? '-';
    const isLast = i === (addresses?.length ?? 0) - 1;
    const timing = isLast && typeof fields.serverTiming === 'string' ? serverTiming(fields.serverTiming) : '';
    const text = `${status === '-' ? 'no answer' : status}${timing === '' ? '' : ` · ${timing}`}`;
    const hop: Hop = { at: began, box: boxAt(address), level: Number(status) < 500 ? 'info' : 'error', text, ms: took };
    began += took;
    return hop;
  });
}

/** What the line of a worker tells of the time before it: how long the job was a row, and how long it was in the queue. */
export function fromJob({ fields, at, ms = 0 }: LogEntry): Hop[] {
  const { job, outboxMs, queueMs } = fields;
  if (typeof outboxMs !== 'number' || typeof queueMs !== 'number') return [];
  const taken = at - ms;
  const hop = { level: 'info', text: String(job) } as const;
  return [
    { ...hop, at: taken - queueMs - outboxMs, box: 'outbox', ms: outboxMs },
    { ...hop, at: taken - queueMs, box: 'queue', ms: queueMs },
  ];
}

function list(value: unknown): string[] {
  return typeof value === 'string' && value !== '' ? value.split(/, | : /) : [];
}

/** `db 2.1 ms (3 queries), cache hit, app 4.0 ms`. @see https://www.w3.org/TR/server-timing/ */
function serverTiming(header: string): string {
  const metrics = [...header.matchAll(/([\w-]+)((?:;\w+=(?:"[^"]*"|[^;,]*))*)/g)].map(
    ([, name = '', parameters = '']) => {
      const dur = /;dur=([\d.]+)/.exec(parameters)?.[1];
      const desc = /;desc="?([^;"]*)/.exec(parameters)?.[1];
      const time = dur === undefined ? '' : ` ${Number(dur).toFixed(1)} ms`;
      return `${name}${time}${desc === undefined ? '' : time === '' ? ` ${desc}` : ` (${desc})`}`;
    },
  );
  return metrics.join(', ');
}
