import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sixtieth } from './sixtieth.ts';

/** Three days, a sixtieth of them, and a bit. */
const HISTORY_S = 75 * 60;
const STEP_S = 2;
/** As much as the drill sends. */
const PER_SECOND = 40;
const RULES = new URL('../../prometheus/rules/', import.meta.url);
/** The alert as it is usually written, under the name of the right one. */
const USUAL = `groups:
  - name: usual
    rules:
      - alert: ErrorBudgetBurnFast
        expr: sum(rate(http_request_duration_seconds_count{status=~"5.."}[5s])) > 0.01
        labels: { severity: page }
        annotations: { summary: 'More than 0.01 errors a second.' }
`;

/** Writes rules of a sixtieth, and a healthy past: on a fresh Prometheus every window is as long as it has been there. */
function prepare(data: string, kind: string | undefined): void {
  const folder = join(data, 'sixtieth');
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(RULES)) {
    if (kind === 'usual' && name.startsWith('error-budget')) continue;
    writeFileSync(join(folder, name), sixtieth(readFileSync(new URL(name, RULES), 'utf8')));
  }
  if (kind === 'usual') writeFileSync(join(folder, 'usual.rules.yml'), USUAL);
  const history = join(folder, 'history.txt');
  writeFileSync(history, openMetrics(Math.floor(Date.now() / 1000)));
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', history, join(data, 'prometheus')];
  const { status, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`promtool could not write the past: ${stderr}`);
}

/** @see https://prometheus.io/docs/prometheus/latest/storage/#backfilling-from-openmetrics-format */
function openMetrics(now: number): string {
  const values = { 'app:http_requests:rate5m': PER_SECOND, 'app:http_request_errors:rate5m': 0 };
  const lines = Object.entries(values).flatMap(([name, value]) => {
    const at = (i: number) => now - HISTORY_S + i * STEP_S;
    return [
      `# TYPE ${name} gauge`,
      ...Array.from({ length: HISTORY_S / STEP_S }, (_, i) => `${name} ${value} ${at(i)}`),
    ];
  });
  return `${lines.join('\n')}\n# EOF\n`;
}

prepare(process.argv[2] ?? '', process.argv[3]);
