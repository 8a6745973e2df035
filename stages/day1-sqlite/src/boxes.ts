import type { Box } from '@day90/infra';

/** The app: all of it in one process, its database with it. */
export function app(port: number): Box {
  return {
    role: 'app',
    run: ['node', 'src/main.ts'],
    env: {
      BOX: '${box}',
      PORT: '${port:app}',
      SQLITE_PATH: '${data}/day90.sqlite',
      SMTP_URL: 'smtp://127.0.0.1:${port:mail}',
      SESSION_SECRETS: '${secret:session}',
      DRAIN_MS: '500', // nothing in front of it has to notice, and Ctrl-C is to end all of it within 5 s
      DRAIN_DEADLINE_MS: '3000',
    },
    port,
    ready: { http: '/readyz' },
    after: ['mail'],
  };
}
