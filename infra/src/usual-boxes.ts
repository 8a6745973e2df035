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

/** The channel that notices go to, with its page: a webhook as Slack has them, on `/services/…`, and a dead-man switch. */
export function noticesBox(port: number): Box {
  return {
    role: 'notices',
    run: ['node', '../../infra/src/notices-sink.ts'],
    env: { PORT: '${port:self}', MISSING_AFTER_MS: '15000', FIRST_WITHIN_MS: '120000' },
    port,
    ready: { http: '/' },
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

/**
 * An S3 server with one bucket, whose objects are files in the instance's folder. Its access key is `day90`, its secret
 * `${secret:s3}`.
 * @see https://github.com/versity/versitygw
 */
export function s3Box(bucket: string, port: number): Box {
  return {
    role: 's3',
    prepare: { run: ['mkdir', '-p', `\${data}/s3/${bucket}`] },
    run: [
      'versitygw',
      '--port',
      '127.0.0.1:${port:self}',
      '--health',
      '/health',
      '--keep-alive',
      '--quiet',
      'posix',
      '${data}/s3',
    ],
    env: { ROOT_ACCESS_KEY: 'day90', ROOT_SECRET_KEY: '${secret:s3}' },
    port,
    ready: { http: '/health' },
    stopTimeoutMs: 3000,
  };
}
