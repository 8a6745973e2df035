import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from } from 'pg-copy-streams';

/** Characters handed to the socket at once: a row each would cost a system call each. */
const CHUNK = 256 * 1024;
const ROWS_A_REPORT = 20_000;
/** What COPY's text format reads as the end of a value or of a row, or as the start of an escape. */
const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Writes rows into a table by COPY, which takes a tenth of the time that INSERT does: one statement, parsed once, for all.
 * Frozen: the rows bear no mark of their transaction that VACUUM would have to come back for. Postgres allows that for a
 * table emptied in the same transaction, where nobody else can see them yet.
 * @param rows - Objects of texts and numbers, all with the same names: the columns' in camel case.
 * @see https://www.postgresql.org/docs/18/sql-copy.html
 */
export async function copyRows<Row extends object>(
  client: pg.ClientBase,
  table: string,
  rows: Iterable<Row>,
  onRows: (done: number) => void,
): Promise<void> {
  const all = rows[Symbol.iterator]();
  const first = all.next();
  if (first.done) return;
  const names = Object.keys(first.value) as (keyof Row & string)[];
  const columns = names.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const copy = client.query(from(`COPY ${table} (${columns.join(', ')}) FROM STDIN WITH (FREEZE)`));
  await pipeline(Readable.from(chunksOf(names, first.value, all, onRows), { objectMode: false }), copy);
}

function* chunksOf<Row extends object>(
  names: (keyof Row & string)[],
  first: Row,
  rest: Iterator<Row>,
  onRows: (done: number) => void,
): Generator<Buffer> {
  let text = '';
  let done = 0;
  for (let row: Row | undefined = first; row; ) {
    text += names.map((name) => escaped(String(row?.[name]))).join('\t');
    text += '\n';
    done += 1;
    if (done % ROWS_A_REPORT === 0) onRows(done);
    if (text.length >= CHUNK) {
      yield Buffer.from(text);
      text = '';
    }
    const next = rest.next();
    row = next.done ? undefined : next.value;
  }
  yield Buffer.from(text);
}

function escaped(value: string): string {
  return SPECIAL.test(value) ? value.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] as string) : value;
}
