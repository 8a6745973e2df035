import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Family } from './exposition.ts';
import type { Target } from './target.ts';

const LOOK_MS = 1500;
const MOST_BYTES = 1024 * 1024;

const run = promisify(execFile);
const statistics = z.object({ counters: z.record(z.string(), z.unknown()) });
/** `c` counts; `g` is as it is now. */
const counter = z.object({ description: z.string(), flag: z.enum(['c', 'g']), value: z.number() });

/**
 * Of some 250 counters those that tell of visitors and of trouble, by the groups that Prometheus Varnish Exporter has them in:
 * the first part of the match tells the members of a group apart.
 */
const KINDS: { pattern: RegExp; name: (parts: string[]) => string; label?: string }[] = [
  {
    pattern: /^MAIN\.(uptime|client_req|cache_\w+|s_pass|s_synth|s_resp_bodybytes|n_object|n_lru_nuked)$/,
    name: ([counted]) => `main_${counted}`,
  },
  {
    pattern: /^MAIN\.(backend_(?:req|fail|unhealthy|busy)|threads|threads_(?:limited|failed)|thread_queue_len)$/,
    name: ([counted]) => `main_${counted}`,
  },
  { pattern: /^MAIN\.sess_(conn|dropped|queued)$/, name: () => 'main_sessions', label: 'type' },
  { pattern: /^MAIN\.fetch_(failed|no_thread)$/, name: () => 'main_fetch', label: 'type' },
  { pattern: /^SMA\.(\w+)\.(g_bytes|g_space)$/, name: ([, counted]) => `sma_${counted}`, label: 'type' },
  { pattern: /^VBE\.\w+\.(\w+)\.(req|fail|busy)$/, name: ([, counted]) => `backend_${counted}`, label: 'backend' },
];

/**
 * A Varnish, by varnishstat, which reads the memory that varnishd keeps its counters in: Varnish itself is not asked.
 * @param url - `varnish:/its/folder`
 * @see https://varnish-cache.org/docs/7.1/reference/varnish-counters.html
 * @see https://github.com/jonnenauha/prometheus_varnish_exporter
 */
export function varnishTarget({ pathname }: URL): Target {
  // Of a varnishd that is not there it would wait for the return.
  const args = ['-n', decodeURIComponent(pathname), '-t', '1', '-j'];
  return {
    up: 'varnish_up',
    async look() {
      const { stdout } = await run('varnishstat', args, { timeout: LOOK_MS, maxBuffer: MOST_BYTES });
      return families(statistics.parse(JSON.parse(stdout)).counters);
    },
    close: async () => {},
  };
}

function families(counters: Record<string, unknown>): Family[] {
  const found = new Map<string, Family>();
  for (const [key, one] of Object.entries(counters)) {
    const kind = KINDS.find(({ pattern }) => pattern.test(key));
    const { data } = counter.safeParse(one);
    if (!kind || !data) continue;
    const [, ...parts] = kind.pattern.exec(key) as string[];
    const name = `varnish_${kind.name(parts)}`;
    const type = data.flag === 'c' ? 'counter' : 'gauge';
    const family: Family = found.get(name) ?? { name, help: data.description, type, samples: [] };
    const labels = kind.label ? { [kind.label]: (parts[0] as string).toLowerCase() } : {};
    family.samples.push({ labels, value: data.value });
    found.set(name, family);
  }
  return [...found.values()];
}
