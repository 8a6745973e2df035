import type { Box } from './topology.ts';

/**
 * The mail server that stands in for a real one: it takes two seconds for each mail, and sends none on.
 * @param page - Port of the page that shows the mails and lets the server go wrong; none unless told.
 */
export function mailBox(port: number, page?: number): Box {
  return {
    role: 'mail',
    run: ['node', '../../infra/src/mail-sink.ts'],
    env: {
      PORT: '${port:self}',
      MAIL_DELAY_MS: '2000',
      ...(page !== undefined && { PAGE_PORT: '${port:self.page}' }),
    },
    port: page === undefined ? port : { smtp: port, page },
    ready: { tcp: true },
  };
}

/**
 * A Redis.
 * @param config - Template of its configuration, from the stage's folder.
 */
export function redisBox(role: string, config: string, port: number): Box {
  return {
    role,
    run: ['redis-server', '${conf}/redis.conf'],
    files: { 'redis.conf': config },
    port,
    ready: { redis: true },
  };
}
