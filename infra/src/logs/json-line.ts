import { type Level, levelNamed, levelNumbered } from './levels.ts';
import type { LineContent } from './line-content.ts';

/** Told by other means, or by no use to a person. */
const UNTOLD = ['time', 'level', 'box', 'msg', 'requestId', 'ms', 'seconds', 'err', 'pid', 'hostname'];
/** More of the kind in a line about a request, which would be too long to read. */
const UNTOLD_OF_REQUEST = ['method', 'url', 'status', 'ip', 'bytes', 'serverTiming'];
/** The message of each line of an access log. */
const ACCESS_LOG = 'request';
/** Below it a time is in seconds: as milliseconds it would be in the year 1973. */
const LEAST_MILLISECONDS = 1e11;

/** Reads a line of pino, or one of nginx or varnishncsa, whose formats here are JSON, too; undefined for any other. */
export function readJsonLine(line: string): LineContent | undefined {
  const fields = parsed(line);
  if (!fields) return undefined;
  const { time, seconds, ms = typeof seconds === 'number' ? seconds * 1000 : undefined } = fields;
  return {
    at: typeof time === 'number' ? (time < LEAST_MILLISECONDS ? time * 1000 : time) : undefined,
    level: levelOf(fields),
    box: textOf(fields.box),
    requestId: textOf(fields.requestId),
    ms: typeof ms === 'number' ? ms : undefined,
    text: inWords(fields),
    fields,
  };
}

/** A request that failed is an error, also where its log knows no levels. */
function levelOf({ level, status }: Record<string, unknown>): Level | undefined {
  if (typeof level === 'number') return levelNumbered(level);
  if (typeof level === 'string') return levelNamed(level);
  if (typeof status !== 'number') return undefined;
  if (status >= 500) return 'error';
  return status === 0 || status === 499 ? 'warn' : 'info'; // the client went away: nginx says 499, or nothing
}

function inWords(fields: Record<string, unknown>): string {
  const { method, url, status, msg, err } = fields;
  const isRequest = url !== undefined && status !== undefined;
  const untold = isRequest ? [...UNTOLD, ...UNTOLD_OF_REQUEST] : UNTOLD;
  const rest = Object.entries(fields).flatMap(([name, value]) =>
    untold.includes(name) || (isRequest && name.startsWith('upstream')) ? [] : inPair(name, value),
  );
  const words = [
    ...(msg === ACCESS_LOG ? [] : [msg]),
    ...(isRequest ? [method, url, status] : []),
    isRecord(err) ? err.message : err,
    ...rest,
  ];
  return words.flatMap((word) => textOf(word) ?? []).join(' ');
}

function inPair(name: string, value: unknown): string[] {
  const text = Array.isArray(value)
    ? value.map(textOf).join(',')
    : typeof value === 'boolean'
      ? `${value}`
      : textOf(value);
  return text === undefined ? [] : [`${name}=${text}`];
}

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return text === '' ? undefined : text;
}
