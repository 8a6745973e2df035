import { Agent, type IncomingMessage, request } from 'node:http';

/** What came back. Status 0 when nothing did, with the reason in `error`. */
export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
  /** Such as `ECONNRESET`, or `no answer in 15 s`. */
  error?: string;
  /** It was lost with a connection kept from a request before, without a word: browsers send such a request again. */
  cut?: true;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT';
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Over a connection of its own. */
  fresh?: true;
}

/** How a connection is lost: its other end closed it, before the request went out or after. */
const LOST = ['ECONNRESET', 'EPIPE'];
/** Nobody waits longer than that; the app itself gives up after 10 s. */
const PATIENCE_MS = 15_000;

/**
 * Sends requests over connections that are kept and used again, as those of browsers and proxies are: a connection that
 * a dead process leaves behind must be met in a drill. Nothing is retried.
 */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #url: URL;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** Never rejects: a failure is an answer of status 0. */
  send({ method = 'GET', path, headers = {}, body, fresh }: Call): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve) => {
      const none = (error: string, cut = false) =>
        resolve({ status: 0, headers: {}, body: '', error, ...(cut && { cut }) });
      let heard = false;
      const sent = request({
        agent: fresh ? false : this.#agent,
        host: this.#url.hostname,
        port: this.#url.port,
        method,
        path,
        headers: { ...(text !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      });
      const timer = setTimeout(
        () => sent.destroy(new Error(`no answer in ${PATIENCE_MS / 1000} s`)),
        PATIENCE_MS,
      ).unref();
      sent.once('close', () => {
        clearTimeout(timer);
        none('closed before the answer was whole');
      });
      sent.once('error', ({ code = '', message }: NodeJS.ErrnoException) =>
        none(code || message, sent.reusedSocket && !heard && LOST.includes(code)),
      );
      sent.once('response', (response) => {
        heard = true;
        let received = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          received += chunk;
        });
        response.once('error', (error: NodeJS.ErrnoException) => none(error.code ?? error.message));
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: received }),
        );
      });
      sent.end(text);
    });
  }

  /** Cuts every connection, busy ones too. */
  close(): void {
    this.#agent.destroy();
  }
}

/** The body of an answer, or undefined when it is no JSON. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}
