import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { sixtieth } from '../drills/error-budget/sixtieth.ts';
import { allExpressions, dashboardExpressions, metricNames, rules, unknownMetrics } from './expressions.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PROMETHEUS = fileURLToPath(new URL('../prometheus', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'day90-rules-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const alerts = () => rules().filter(({ alert }) => alert !== undefined);
const files = (folder: string, ending: string) =>
  readdirSync(join(PROMETHEUS, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => join(PROMETHEUS, folder, name));

function promtool(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return status === 0 ? 'fine' : `${stdout}${stderr}`;
}

describe('the rules', () => {
  it('are ones that Prometheus takes', () => {
    expect(promtool('check', 'rules', ...files('rules', '.yml'))).toBe('fine');
  });

  it.each(['error-budget', 'guide', 'requests'])(
    'fire when they should, and only then: %s',
    (name) => {
      expect(promtool('test', 'rules', join(PROMETHEUS, 'rules-test', `${name}.test.yml`))).toBe('fine');
    },
    120_000,
  );

  it('are ones that Prometheus takes with windows of a sixtieth, too, as the drill has them', () => {
    const budget = sixtieth(readFileSync(join(PROMETHEUS, 'rules', 'error-budget.rules.yml'), 'utf8'));
    expect(budget).toMatch(/ratio_rate3d\n +expr: .*\[4320s\]/);
    const file = join(scratch, 'sixtieth.rules.yml');
    writeFileSync(file, budget);
    expect(promtool('check', 'rules', file)).toBe('fine');
  });

  it('have a severity, a summary and a runbook for each alert', () => {
    for (const { alert, labels, annotations } of alerts()) {
      expect(['page', 'ticket', 'none']).toContain(labels?.severity);
      expect(annotations?.summary).toMatch(/\.$/);
      expect(annotations?.runbook).toBe(`docs/runbooks/${alert}.md`);
    }
  });
});

describe('the runbooks', () => {
  it('are there for each alert, and for none that there is not', () => {
    for (const { annotations } of alerts()) expect(existsSync(join(ROOT, annotations?.runbook ?? ''))).toBe(true);
    const pages = readdirSync(join(ROOT, 'docs/runbooks')).filter((name) => name !== 'README.md');
    expect(pages.toSorted()).toEqual(
      alerts()
        .map(({ alert }) => `${alert}.md`)
        .toSorted(),
    );
  });
});

describe('the dashboard', () => {
  it('asks only what Prometheus understands', () => {
    const file = join(scratch, 'dashboards.rules.yml');
    const records = dashboardExpressions().map(({ expr }, i) => ({ record: `dashboard:query${i}`, expr }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboards', rules: records }] }));
    expect(promtool('check', 'rules', file)).toBe('fine');
  });

  it('has what the guide shows, first', () => {
    const titles = dashboardExpressions().map(({ where }) => where.replace(/^.*: /, ''));
    expect(titles.slice(0, 4)).toEqual(['Latency p95', 'Latency p50', 'Requests a second', 'Error rate']);
  });
});

describe('the look for metrics that do not exist', () => {
  it('finds the names in a query, and nothing else', () => {
    expect(metricNames('sum by (le) (rate(a_total{job="b", c=~"d"}[5m])) / on (e) f:g:rate5m > 0.5')).toEqual([
      'a_total',
      'f:g:rate5m',
    ]);
  });

  it('names rule and metric', () => {
    const wrong = [{ where: 'LatencyHigh', expr: 'http_request_seconds > 1 and up == 1' }];
    expect(unknownMetrics(wrong, new Set(['up']))).toEqual(['LatencyHigh: no metric http_request_seconds']);
  });

  it('has something to look through', () => {
    expect(allExpressions().length).toBeGreaterThan(50);
  });
});
