import type { NamedBox } from '../box-names.ts';
import type { Topology } from '../topology.ts';

/** Where visitors and admins come from: out of the network, by the port that is published on this machine. */
const SEEN_FROM_OUTSIDE = ['PUBLIC_URL'];
/** What files say of this machine alone, and what they say where every box is a host: their port is published by nobody else. */
const LISTENING: [RegExp, string][] = [
  [/^bind 127\.0\.0\.1$/gm, 'bind 0.0.0.0'], // Redis
  [/^listen_addresses = '127\.0\.0\.1'/gm, "listen_addresses = '0.0.0.0'"], // Postgres
  [/127\.0\.0\.1\/32/g, 'samenet'], // https://www.postgresql.org/docs/18/auth-pg-hba-conf.html
];
const ADDRESS = /127\.0\.0\.1:\$\{(port|link):([a-z0-9-]+)((?:\.[a-z0-9-]+)?)\}/g;

/**
 * The texts of a box, placeholders still in them, with the addresses of this machine changed to the names of the boxes that are
 * meant. By what stands behind them: `127.0.0.1:${port:cache}` is the cache's address, and its own one is where it listens.
 */
export function inNetwork(texts: Record<string, string>, self: NamedBox, topology: Topology): Record<string, string> {
  const isOwn = (name: string) => name === 'self' || name === self.name || name === self.of;
  const moved = (text: string) =>
    LISTENING.reduce((left, [from, to]) => left.replace(from, to), text)
      .replace(ADDRESS, (_, kind: string, name: string, port: string) => {
        const box = kind === 'link' ? linked(name, topology) : name;
        return `${isOwn(box) ? '0.0.0.0' : box}:\${port:${box}${port}}`;
      })
      .replace(/\$\{link:([a-z0-9-]+)\}/g, (_, name: string) => `\${port:${linked(name, topology)}}`)
      .replace(/\$\{url:([a-z0-9-]+)\}/g, (whole, name: string) =>
        isOwn(name) ? whole : `http://${name}:\${port:${name}}`,
      );
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => {
      if (SEEN_FROM_OUTSIDE.includes(key)) return [key, text];
      return [key, hostOf(key, text, texts, topology) ?? moved(text)];
    }),
  );
}

/** `UPSTREAM_HOST` beside `UPSTREAM_PORT`: the box whose port that is. */
function hostOf(key: string, text: string, texts: Record<string, string>, topology: Topology): string | undefined {
  if (text !== '127.0.0.1' || !key.endsWith('_HOST')) return undefined;
  const [, kind, name = ''] =
    /^\$\{(port|link):([a-z0-9-]+)\}$/.exec(texts[key.replace(/_HOST$/, '_PORT')] ?? '') ?? [];
  return kind === 'link' ? linked(name, topology) : name || undefined;
}

function linked(name: string, topology: Topology): string {
  return topology.links?.[name]?.to ?? name;
}
