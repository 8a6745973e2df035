import { type Level, levelNamed } from './levels.ts';
import type { LineContent } from './line-content.ts';

type Dialect = (line: string) => Omit<LineContent, 'fields'> | undefined;

/** Reads a line of Postgres, Redis, nginx' error log, Prometheus, Varnish, or a warning of Node; undefined for any other. */
export function readPlainLine(line: string): LineContent | undefined {
  for (const read of [postgres, redis, nginx, logfmt, varnish, nodeWarning]) {
    const said = read(line);
    if (said) return { ...said, fields: {} };
  }
  return undefined;
}

/** FATAL is the end of one session there, PANIC that of the server. The others belong to the line before. */
const POSTGRES_LEVELS: Record<string, Level | undefined> = {
  ...{ DEBUG: 'debug', LOG: 'info', INFO: 'info', NOTICE: 'info', WARNING: 'warn', ERROR: 'error' },
  ...{ FATAL: 'error', PANIC: 'fatal' },
};

/** With the `log_line_prefix` of stage 3. @see https://www.postgresql.org/docs/18/runtime-config-logging.html */
const postgres: Dialect = (line) => {
  const [, time = '', who = '', word = '', text = ''] =
    /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC \[\d+\] (\S+@\S* )?([A-Z]+)\d?: +(.*)$/.exec(line) ?? [];
  if (time === '') return undefined;
  return { at: Date.parse(`${time}Z`), level: POSTGRES_LEVELS[word], text: `${who}${text}` };
};

const REDIS_LEVELS: Record<string, Level> = { '.': 'debug', '-': 'debug', '*': 'info', '#': 'warn' };

/** In local time. @see https://github.com/redis/redis/blob/7.0.15/src/server.c#L108 */
const redis: Dialect = (line) => {
  const [, time = '', sign = '', text = ''] =
    /^\d+:[XCSM] (\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3}) ([.*#-]) (.*)$/.exec(line) ?? [];
  return time === '' ? undefined : { at: Date.parse(time), level: REDIS_LEVELS[sign], text };
};

/** In local time. @see https://nginx.org/en/docs/ngx_core_module.html#error_log */
const nginx: Dialect = (line) => {
  const [, time = '', word = '', text = ''] = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[([a-z]+)\] (.*)$/.exec(line) ?? [];
  return time === '' ? undefined : { at: Date.parse(time), level: levelNamed(word), text };
};

/** Prometheus and Alertmanager: `ts=` and `level=info` up to 2.x, `time=` and `level=INFO` from 3.0 on. */
const logfmt: Dialect = (line) => {
  if (!/^(ts|time)=\S+ /.test(line)) return undefined;
  const pairs = [...line.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|\S*)/g)].map(([, name = '', value = '']) => [name, value]);
  const { ts, time = ts, level = '', msg = '', ...rest } = Object.fromEntries(pairs) as Record<string, string>;
  const more = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  return { at: Date.parse(time ?? ''), level: levelNamed(level), text: [unquoted(msg), ...more].join(' ') };
};

/** Without a time. */
const varnish: Dialect = (line) => {
  const [, word = '', text = ''] = /^(Debug|Info|Warning|Error): (.*)$/.exec(line) ?? [];
  return word === '' ? undefined : { level: levelNamed(word), text };
};

const nodeWarning: Dialect = (line) => (/^\(node:\d+\) /.test(line) ? { level: 'warn', text: line } : undefined);

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll('\\"', '"') : value;
}
