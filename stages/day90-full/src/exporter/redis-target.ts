import type { Logger } from '@day90/core';
import { connectRedis } from 'stage-2';
import { type Family, single } from './exposition.ts';
import type { Target } from './target.ts';

const LOOK_MS = 1500;

type Field = [field: string, name: string, type: Family['type'], help: string];

/** What of INFO is told, by the names of Redis Exporter. */
const FIELDS: Field[] = [
  ['uptime_in_seconds', 'uptime_in_seconds', 'gauge', 'Time since its start.'],
  ['connected_clients', 'connected_clients', 'gauge', 'Connections that are open.'],
  ['blocked_clients', 'blocked_clients', 'gauge', 'Connections that wait for something, such as a job.'],
  ['used_memory', 'memory_used_bytes', 'gauge', 'Memory that its data takes.'],
  ['used_memory_rss', 'memory_used_rss_bytes', 'gauge', 'Memory that the process takes.'],
  ['maxmemory', 'memory_max_bytes', 'gauge', 'Memory that its data may take; 0 for all there is.'],
  ['mem_fragmentation_ratio', 'mem_fragmentation_ratio', 'gauge', 'Memory of the process, by that of its data.'],
  ['total_connections_received', 'connections_received_total', 'counter', 'Connections that were accepted.'],
  ['rejected_connections', 'rejected_connections_total', 'counter', 'Connections that were one too many.'],
  ['total_commands_processed', 'commands_processed_total', 'counter', 'Commands.'],
  ['total_net_input_bytes', 'net_input_bytes_total', 'counter', 'Bytes that were read.'],
  ['total_net_output_bytes', 'net_output_bytes_total', 'counter', 'Bytes that were sent.'],
  ['keyspace_hits', 'keyspace_hits_total', 'counter', 'Look-ups of a key that was there.'],
  ['keyspace_misses', 'keyspace_misses_total', 'counter', 'Look-ups of a key that was not there.'],
  ['evicted_keys', 'evicted_keys_total', 'counter', 'Keys that went for want of memory.'],
  ['expired_keys', 'expired_keys_total', 'counter', 'Keys that went when their time was over.'],
  ['used_cpu_user', 'cpu_user_seconds_total', 'counter', 'CPU time in its own code.'],
  ['used_cpu_sys', 'cpu_sys_seconds_total', 'counter', 'CPU time in the kernel.'],
  ['aof_enabled', 'aof_enabled', 'gauge', 'Whether each write is appended to a file.'],
  ['loading', 'loading_dump_file', 'gauge', 'Whether it still reads what it had on the disk.'],
];
/** Those that are `ok` or not. */
const STATES: Field[] = [
  ['aof_last_write_status', 'aof_last_write_status', 'gauge', 'Whether the last write to that file went well.'],
  [
    'aof_last_bgrewrite_status',
    'aof_last_bgrewrite_status',
    'gauge',
    'Whether that file was last rewritten without failure.',
  ],
];

/**
 * A Redis, by INFO.
 * @see https://redis.io/docs/latest/commands/info/
 * @see https://github.com/oliver006/redis_exporter#whats-exported
 */
export function redisTarget(url: URL, logger: Logger): Target {
  const link = connectRedis(url.href, { name: `redis ${url.port}`, logger });
  return {
    up: 'redis_up',
    look: async () => families(await link.call((client) => client.sendCommand<string>(['INFO']), LOOK_MS)),
    close: () => link.close(),
  };
}

function families(info: string): Family[] {
  const values = new Map(info.split('\r\n').map((line) => splitAt(line, line.indexOf(':'))));
  const told = (fields: Field[], read: (text: string) => number) =>
    fields.flatMap(([field, name, type, help]) => {
      const text = values.get(field);
      return text === undefined ? [] : [single(`redis_${name}`, type, help, read(text))];
    });
  return [...told(FIELDS, Number), ...told(STATES, (text) => Number(text === 'ok')), keys(values.get('db0'))];
}

function splitAt(line: string, colon: number): [string, string] {
  return [line.slice(0, colon), line.slice(colon + 1)];
}

/** `keys=12,expires=3,avg_ttl=0`; there is no such line while there is no key. */
function keys(line: string | undefined): Family {
  const count = Number(/^keys=(\d+)/.exec(line ?? '')?.[1] ?? 0);
  return { name: 'redis_db_keys', type: 'gauge', help: 'Keys.', samples: [{ labels: { db: 'db0' }, value: count }] };
}
