import type { Result } from '../result.ts';
import { cardTable } from './claim-tables.ts';
import { formatCount, formatNumber, formatValue } from './format.ts';
import { html, type Markup } from './markup.ts';

/** Budgets, and how far each box used its own. */
export function boxTable({ arms }: Result): Markup | undefined {
  const rows = arms.flatMap((arm) => (arm.boxes ?? []).map((box) => ({ arm, box })));
  if (rows.length === 0) return undefined;
  return cardTable(
    'The boxes',
    ['arm', 'box', 'budget', 'used', 'share of the budget', 'throttled periods'],
    rows.map(({ arm, box: { name, cpuShare, used, throttled } }) => [
      arm.name,
      name,
      cpuShare === undefined ? 'none' : `${formatNumber(cpuShare)} core`,
      `${formatNumber(used)} core`,
      cpuShare === undefined ? '–' : percent(used / cpuShare),
      cpuShare === undefined ? '–' : percent(throttled),
    ]),
  );
}

/** What ran, and what it cost. Columns that no arm fills are left out. */
export function armTable({ arms }: Result): Markup {
  const columns: [string, (arm: Result['arms'][number]) => string | undefined][] = [
    ['what ran', (arm) => arm.label],
    ['sent', (arm) => present(arm.rate, (rate) => `${formatNumber(rate)} /s`)],
    ['times', (arm) => present(arm.latency?.count, formatCount)],
    ['p50', (arm) => present(arm.latency?.p50, (ms) => formatValue(ms, 'ms'))],
    ['p95', (arm) => present(arm.latency?.p95, (ms) => formatValue(ms, 'ms'))],
    ['p99', (arm) => present(arm.latency?.p99, (ms) => formatValue(ms, 'ms'))],
    ['CPU per request', (arm) => present(arm.cpuPerRequestUs, (us) => formatValue(us, 'µs'))],
    ['memory', (arm) => present(arm.rssBytes, (bytes) => formatValue(bytes, 'B'))],
  ];
  const filled = columns.filter(([, of]) => arms.some((arm) => of(arm) !== undefined));
  return cardTable(
    'The arms',
    ['arm', ...filled.map(([name]) => name)],
    arms.map((arm) => [arm.name, ...filled.map(([, of]) => of(arm) ?? '–')]),
  );
}

/** Where every request went. */
export function accountingTable({ accounting, arms }: Result): Markup {
  const { offered, answered, refused, timedOut, dropped } = accounting;
  const row = (of: string, books: Result['accounting']) => [
    of,
    ...[books.offered, books.answered, books.refused, books.timedOut, books.dropped].map(formatCount),
  ];
  if (offered === 0) return html`<p>No requests were sent: nothing to account for.</p>`;
  const adds = offered === answered + refused + timedOut + dropped;
  return html`${cardTable(
    `Accounting: the parts ${adds ? 'add up to' : 'do not add up to'} what was offered`,
    ['requests', 'offered', 'answered as expected', 'refused', 'timed out', 'dropped'],
    [row('of all arms', accounting), ...arms.flatMap((arm) => (arm.accounting ? [row(arm.name, arm.accounting)] : []))],
  )}`;
}

function present(value: number | undefined, format: (value: number) => string): string | undefined {
  return value === undefined ? undefined : format(value);
}

function percent(share: number): string {
  return `${formatNumber(100 * share)} %`;
}
