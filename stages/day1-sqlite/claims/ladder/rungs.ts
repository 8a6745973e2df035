/** The rungs from the bare floor to the whole app, each with one layer more than the one before it. */
export const RUNGS = [
  { name: 'bare', adds: 'node:http and the prepared lookup' },
  { name: 'express', adds: 'Express' },
  { name: 'route', adds: 'the repository and the answer with its ETag' },
  { name: 'context', adds: 'context, request id, Server-Timing' },
  { name: 'headers', adds: 'security headers' },
  { name: 'log', adds: 'access log' },
  { name: 'shipped', adds: 'the whole app: origin check, all routes, drain' },
] as const;

export type Rung = (typeof RUNGS)[number]['name'];

/** Whether a rung has the layer that `layer` brings. */
export function includes(rung: Rung, layer: Rung): boolean {
  const place = (name: Rung) => RUNGS.findIndex((known) => known.name === name);
  return place(rung) >= place(layer);
}
