import { createServer, type ServerResponse } from 'node:http';
import type { Logger, Resource } from '@day90/core';

/** Prometheus keeps its connection; one that is closed between two scrapes is opened anew for each. */
const KEEP_ALIVE_MS = 65_000;

/** What is served: the text of one scrape, and its content type. */
interface Exposition {
  type: string;
  text(): Promise<string>;
}

/** Serves `GET /metrics` and nothing else. */
export function serveMetrics(
  { HOST, METRICS_PORT }: { HOST: string; METRICS_PORT: number },
  logger: Logger,
  exposition: Exposition,
): Resource & { broken: Promise<string> } {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (req, res) => {
    if (req.method !== 'GET' || req.url?.split('?')[0] !== '/metrics') return void res.writeHead(404).end();
    exposition.text().then(
      (text) => answer(res, exposition.type, text),
      (error: unknown) => {
        logger.error({ err: error }, 'the metrics could not be told');
        res.writeHead(500).end();
      },
    );
  });
  const broken = new Promise<string>((resolve) => {
    server.once('error', (error) => resolve(`METRICS_PORT: can't listen on it (${error.message})`));
  });
  server.listen(METRICS_PORT, HOST);
  return {
    broken,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(res: ServerResponse, type: string, text: string): void {
  res.writeHead(200, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }).end(text);
}
