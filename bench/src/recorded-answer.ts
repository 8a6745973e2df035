import { get, type IncomingHttpHeaders } from 'node:http';

/** An answer to be given again. */
export interface RecordedAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Asks once, over a connection of its own, and keeps the answer. */
export function recordAnswer(url: URL, asked: Record<string, string> = {}): Promise<RecordedAnswer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, headers: asked }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        // Who gives it again keeps its own connections; those of the arm are none of the generator's business.
        const { connection, 'keep-alive': keepAlive, 'transfer-encoding': encoding, ...headers } = response.headers;
        resolve({ status: response.statusCode ?? 500, headers, body: Buffer.concat(chunks) });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}
