/** The part of autocannon that is used here; it brings no types of its own. */
declare module 'autocannon' {
  interface Request {
    path?: string;
    headers?: Record<string, string>;
    method?: 'POST';
    body?: string;
  }
  interface Options {
    url: string;
    connections: number;
    amount: number;
    /** Milliseconds between two looks at whether all is done; 1,000 unless told. */
    sampleInt: number;
    requests: { setupRequest(request: Request): Request }[];
  }
  interface Outcome {
    '2xx': number;
    non2xx: number;
    errors: number;
    timeouts: number;
  }
  export default function autocannon(options: Options): Promise<Outcome> & { stop(): void };
}
