import { Json } from '@day90/core';

/** Part of its life after which an entry is renewed by one of its readers, while the others still get it. */
const FRESH_PART = 0.8;
/** Of its life, so that entries made in one moment, such as after a flush, are not all renewed in one. */
const JITTER_PART = 0.1;

/** What Redis holds under one key: a line about it, then the JSON text, which is empty for what isn't there. */
export interface CacheEntry<T> {
  /** When it should be renewed, in milliseconds since 1970. */
  renewAt: number;
  json: Json<T> | undefined;
  /** Where the database stood when it was loaded; empty where that has no positions. */
  position: string;
}

/**
 * `<renewAt> <version> <position> <tag> <tag> … \n<text>`: numbers first and the text as it is, so that a hit costs three
 * searches and no parsing of JSON.
 * @param lifeMs - Time until Redis drops it.
 */
export function encodeEntry(
  { json, position }: Omit<CacheEntry<unknown>, 'renewAt'>,
  lifeMs: number,
  tags: string[],
  now = Date.now(),
): string {
  const renewAt = Math.round(now + lifeMs * (FRESH_PART + Math.random() * JITTER_PART));
  return `${renewAt} ${json?.version ?? '-'} ${position || '-'} ${tags.join(' ')} \n${json?.text ?? ''}`;
}

/** The entry that {@link encodeEntry} wrote. */
export function decodeEntry<T>(entry: string): CacheEntry<T> {
  const first = entry.indexOf(' ');
  const second = entry.indexOf(' ', first + 1);
  const version = entry.slice(first + 1, second);
  const position = entry.slice(second + 1, entry.indexOf(' ', second + 1));
  const text = entry.slice(entry.indexOf('\n') + 1);
  return {
    renewAt: Number(entry.slice(0, first)),
    json: text === '' ? undefined : Json.fromText<T>(text, version === '-' ? undefined : version),
    position: position === '-' ? '' : position,
  };
}
