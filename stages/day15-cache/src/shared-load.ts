import { asReader, floorOfReader, type Json, later, type Reader } from '@day90/core';

/** Reads the thing from the source of truth, by one query. */
export type Load<T> = () => Promise<Json<T> | undefined>;

/** What a load found, and where the database stood then; an empty position where that has none. */
export interface Found<T> {
  json: Json<T> | undefined;
  position: string;
}

/**
 * Runs a load for all who share it, from a copy of the database that has reached `floor`. Whoever began it is no more than
 * one of them: the cheapest copy for that one may be too old for the others, and for the cache.
 */
export async function sharedLoad<T>(floor: string, load: Load<T>): Promise<Found<T>> {
  let position = '';
  const all: Reader = {
    floor: async () => floor,
    async saw(at) {
      position = later(position, at);
    },
  };
  const json = await asReader(all, load);
  return { json, position };
}

/** What a load must see that is done under this floor, and first of all for the reader who is being answered. */
export async function floorFor(floor: string): Promise<string> {
  return later(floor, await floorOfReader());
}
