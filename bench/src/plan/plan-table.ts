import pc from 'picocolors';
import { formatNumber, formatValue } from '../report/format.ts';
import { wrap } from '../report/table.ts';
import type { Plan } from './plan.ts';
import type { StagePlan } from './plan-stage.ts';

type Paint = ReturnType<typeof pc.createColors>;

/** A plan as text for a terminal. Reads well from 80 columns on. */
export function renderPlan(
  plan: Plan,
  shown: StagePlan | undefined,
  look: { color: boolean; columns: number },
): string {
  const paint = pc.createColors(look.color);
  const text = (line: string) => wrap(line, look.columns);
  const lines = [
    ...headline(plan).flatMap(text).map(paint.bold),
    ...traffic(plan).flatMap(text),
    '',
    ...stageLines(plan, look.columns, paint),
    '',
    ...verdict(plan).flatMap(text).map(paint.bold),
    ...(shown ? ['', ...detail(shown, paint)] : []),
    '',
    ...assumptions(plan).flatMap((line) => wrap(line, look.columns - 2).map((part, i) => `${i ? '  ' : '- '}${part}`)),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** `231`, `0.46`, `23,148` */
function rate(perSecond: number): string {
  return `${formatNumber(perSecond)}/s`;
}

function headline({ load, demand }: Plan): string[] {
  const [users, each] = [load.users.toLocaleString('en-US'), load.requestsPerUser.toLocaleString('en-US')];
  return [
    `${users} users a day × ${each} requests is ${rate(demand.average)} on average, ${rate(demand.peak)} at the peak.`,
  ];
}

function traffic({ demand, visitorsAtOnce, load }: Plan): string[] {
  return [
    `At the peak ${rate(demand.readsPerSecond)} reads, ${rate(demand.writesPerSecond)} writes and ${formatValue(demand.bytesPerSecond, 'B')}/s; ${formatNumber(visitorsAtOnce)} visitors at once, one request each ${formatValue(load.pauseSeconds, 's')}.`,
    `A month: ${formatNumber(demand.requestsAMonth / 1e6)} million requests, ${formatValue(demand.gigabytesAMonth, 'GB')} of answers, ${formatValue(demand.newGigabytesAMonth, 'GB')} of new rows.`,
  ];
}

function stageLines({ stages, unmeasured }: Plan, columns: number, paint: Paint): string[] {
  const cells = (stage: string, carries: string, month: string, million: string) =>
    `${stage.padEnd(9)}${carries.padEnd(9)}${month.padStart(10)}${million.padStart(13)}  `;
  const why = (text: string, first: string, colour: Paint['yellow']) =>
    wrap(text, columns - first.length).map((line, i) =>
      i === 0 ? `${first}${colour(line)}` : ' '.repeat(first.length) + colour(line),
    );
  return [
    paint.dim(cells('', 'carries', 'a month', 'per million')),
    ...stages.flatMap((plan) => {
      const reasons = plan.tooSmall.map((tier) => tier.why).join('; ');
      if (!plan.carries) return why(reasons, cells(plan.stage, 'no', '', ''), paint.yellow);
      return why(
        machinesOf(plan),
        cells(plan.stage, 'yes', dollars(plan.dollarsAMonth), dollars(plan.dollarsAMillion)),
        paint.dim,
      );
    }),
    ...unmeasured.flatMap(({ stage, why: reason }) => why(reason, cells(stage.name, '?', '', ''), paint.yellow)),
  ];
}

function machinesOf({ machines }: StagePlan): string {
  return machines.map(({ what, count, machine }) => `${what} ${count} × ${machine.machine}`).join(', ');
}

function verdict({ smallest, beyond }: Plan): string[] {
  if (smallest) return [`The smallest stage that carries it: ${smallest.stage}.`];
  return [
    'No stage carries it. Beyond one machine of each kind, and beyond this design, it takes:',
    ...beyond.map((line) => `  ${line}`),
  ];
}

function detail({ stage, machines, bill, dollarsAMonth, readSeconds }: StagePlan, paint: Paint): string[] {
  const row = (what: string, ...cells: string[]) => `  ${what.padEnd(38)}${cells.map((c) => c.padStart(12)).join('')}`;
  return [
    paint.dim(row(stage, 'cores busy', 'of them')),
    ...machines.map(({ what, count, machine, busyCores, utilisation }) =>
      row(`${what}: ${count} × ${machine.machine}`, formatNumber(busyCores), `${Math.round(utilisation * 100)} %`),
    ),
    paint.dim(row('', 'a month')),
    ...bill.map((line) => row(line.what, dollars(line.dollars))),
    row('all of it', dollars(dollarsAMonth)),
    `  A read takes ${formatValue(readSeconds, 's')} in all boxes at the peak, waits included, the way to the visitor not.`,
  ];
}

/** Everything that is not measured, and where the rest is from. */
function assumptions({ load, prices, usl, measured }: Plan): string[] {
  const percent = (share: number) => `${formatNumber(share * 100)} %`;
  return [
    `Assumed: the peak is ${formatNumber(load.peakFactor)} × the average, ${percent(load.readShare)} of requests read, an answer has ${formatNumber(load.answerKb)} kB, a write leaves ${formatNumber(load.rowKb)} kB, ${percent(load.utilisation)} of a machine is used at the peak. Each has an option.`,
    `Measured (${measured.join('; ')}): CPU time of each box for a read and for a write. A core there is taken for a core of the price list.`,
    usl
      ? `Contention between app boxes σ ${formatNumber(usl.sigma)}, coherency κ ${formatNumber(usl.kappa)}, as stage 3 measured them on boxes that share a machine: on machines of their own there is less.`
      : 'What app boxes lose to one another was not measured, and is left out: pnpm bench stage-3 --claim scale-out.',
    `Prices: ${prices.title}${prices.asOf ? `, ${prices.asOf}` : ''}. nginx is the provider's balancer, Varnish its CDN. ${prices.sources.map(({ what }) => what).join('. ')}.`,
    'Laws: utilisation U = X · D, Little N = X · R, Gunther’s universal scalability. Sources stand in bench/src/plan/laws.ts.',
  ];
}

function dollars(amount: number): string {
  if (amount > 0 && amount < 0.995) return `$${amount.toFixed(2)}`;
  return `$${amount.toLocaleString('en-US', { maximumFractionDigits: amount < 10 ? 2 : 0 })}`;
}
