import { stripVTControlCharacters } from 'node:util';
import { readJsonLine } from './json-line.ts';
import type { LineContent } from './line-content.ts';
import { readPlainLine } from './plain-line.ts';

/**
 * Reads a line as pino, nginx, varnishncsa, Postgres, Redis or Prometheus write it; of any other the text is known alone.
 * Control characters are taken out of what is shown: a request's URL could otherwise speak to the terminal.
 */
export function readLine(line: string): LineContent {
  const read = readJsonLine(line) ?? readPlainLine(line) ?? { text: line, fields: {} };
  const { box, requestId, text } = read;
  return { ...read, box: box && printable(box), requestId: requestId && printable(requestId), text: printable(text) };
}

function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}/gu, ' ');
}
