import { describe, expect, it } from '@jest/globals';
import type { ContractRig } from './contract-rig.ts';

/** What scanners ask every new server for: left-overs, consoles, and ways out of a folder. */
const PROBES = [
  '/.git/config',
  '/.git/HEAD',
  '/.gitignore',
  '/.env',
  '/.env.local',
  '/.env.production',
  '/.npmrc',
  '/.DS_Store',
  '/.well-known/openid-configuration',
  '/package.json',
  '/pnpm-lock.yaml',
  '/node_modules/express/package.json',
  '/src/main.ts',
  '/tsconfig.json',
  '/Dockerfile',
  '/compose.yaml',
  '/config.json',
  '/day90.sqlite',
  '/backup.sql',
  '/backup.zip',
  '/dump.sql',
  '/db.sqlite3',
  '/index.html~',
  '/server.js.bak',
  '/metrics',
  '/admin',
  '/admin/queues',
  '/queues',
  '/debug',
  '/debug/pprof/',
  '/console',
  '/actuator/env',
  '/server-status',
  '/nginx_status',
  '/phpinfo.php',
  '/wp-login.php',
  '/phpmyadmin/',
  '/graphql',
  '/swagger.json',
  '/api-docs',
  '/static/',
  '/static',
  '/static/avatars',
  '/static/..%2fpackage.json',
  '/static/%2e%2e/package.json',
  '/static/..%5cpackage.json',
  '/static/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '/static/..;/package.json',
  '/static/.%00./package.json',
  '/static/%252e%252e/package.json',
  '/static/.hidden',
  '//etc/passwd',
  '/me/x.css',
  '/me;a.css',
  '/me%2fx.css',
  '/posts/1.json',
  '/posts/1/',
  '/POSTS',
  '/posts/',
  '/users/1/posts/x',
];

/** Well-known mistakes, asked for one by one. */
export function describeProbes(rig: ContractRig): void {
  describe('what must not be there', () => {
    it.each(PROBES)('%s', async (path) => {
      const answer = await rig.send(`GET ${path}`);
      expect([400, 404]).toContain(answer.status);
      expect(answer.text).not.toMatch(/root:|dependencies|SESSION_SECRETS/);
    });
  });
}
