/** What a request may carry. */
export interface RequestOptions {
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is; a stream without saying how long it will be. */
  body?: string | Buffer | ReadableStream;
  /** The session to use. */
  as?: { cookie: string };
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  bytes: Buffer;
  /** The body, parsed; throws when it is no JSON. */
  json<T>(): T;
}
