import type { RequestListener } from 'node:http';
import type { Logger, Resource } from '@day90/core';
import { Registry } from 'prom-client';
import { expositionText, single } from './exposition.ts';
import type { Target } from './target.ts';
import { openTarget } from './targets.ts';

/**
 * Tells the metrics of servers that have none of their own, by the names of the exporters that are known for them: one path for
 * each, `/metrics/db-1`. They are asked when Prometheus asks, so that each value is of that moment; one that does not answer has
 * `pg_up 0` and nothing else.
 */
export function exporter(targets: ReadonlyMap<string, URL>, logger: Logger): Resource & { listener: RequestListener } {
  const open = new Map([...targets].map(([name, url]) => [name, openTarget(url, logger)]));
  const down = new Set<string>();

  async function text(name: string, target: Target): Promise<string> {
    try {
      const families = await target.look();
      if (down.delete(name)) logger.info({ target: name }, 'answers again');
      return expositionText([single(target.up, 'gauge', 'Whether it answers.', 1), ...families]);
    } catch (error) {
      if (!down.has(name)) logger.warn({ err: error, target: name }, 'does not answer');
      down.add(name);
      return expositionText([single(target.up, 'gauge', 'Whether it answers.', 0)]);
    }
  }

  return {
    listener(req, res) {
      const [, name = ''] = /^\/metrics\/([\w-]+)$/.exec(req.url ?? '') ?? [];
      const target = req.method === 'GET' ? open.get(name) : undefined;
      if (!target) return void res.writeHead(404).end();
      void text(name, target).then((body) => {
        res.writeHead(200, { 'Content-Type': Registry.PROMETHEUS_CONTENT_TYPE }).end(body);
      });
    },
    async close() {
      await Promise.allSettled([...open.values()].map((target) => target.close()));
    },
  };
}
