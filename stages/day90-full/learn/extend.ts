import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { rules } from '../test/expressions.ts';

const alert = () => rules().find((rule) => rule.alert === 'CacheHitRateLow');

describe('CacheHitRateLow', () => {
  it('is a ticket, with a summary and a runbook', () => {
    expect(alert()?.labels).toEqual({ severity: 'ticket' });
    expect(alert()?.annotations?.summary).toMatch(/\.$/);
    expect(alert()?.annotations?.runbook).toBe('docs/runbooks/CacheHitRateLow.md');
  });

  it('fires when it should, and only then', () => {
    const file = fileURLToPath(new URL('extend.rules-test.yml', import.meta.url));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
    expect(status === 0 ? 'fine' : `${stdout}${stderr}`).toBe('fine');
  });
});
