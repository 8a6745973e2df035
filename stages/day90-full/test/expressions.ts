import { readdirSync, readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

const PROMETHEUS = new URL('../prometheus/', import.meta.url);
const GRAFANA = new URL('../grafana/', import.meta.url);

/** A query, and where it stands. */
export interface Expression {
  where: string;
  expr: string;
}

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  labels?: { severity: string };
  annotations?: { summary?: string; runbook?: string };
}

/** All rules, in the order of their files. */
export function rules(): Rule[] {
  return readdirSync(new URL('rules/', PROMETHEUS))
    .toSorted()
    .flatMap((file) => {
      const { groups } = parse(readFileSync(new URL(`rules/${file}`, PROMETHEUS), 'utf8')) as {
        groups: { rules: Rule[] }[];
      };
      return groups.flatMap((group) => group.rules);
    });
}

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

/** The queries of all dashboards. Grafana fills in its own interval; a minute stands for it. */
export function dashboardExpressions(): Expression[] {
  return readdirSync(GRAFANA).flatMap((file) => {
    const { panels } = JSON.parse(readFileSync(new URL(file, GRAFANA), 'utf8')) as { panels: Panel[] };
    return panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ where: `${file}: ${title}`, expr: expr.replaceAll('$__rate_interval', '1m') })),
    );
  });
}

/** The queries of rules and dashboards. */
export function allExpressions(): Expression[] {
  const ofRules = rules().map(({ alert, record, expr }) => ({ where: alert ?? record ?? '', expr }));
  return [...ofRules, ...dashboardExpressions()];
}

/** The names of the metrics that a query asks for. */
export function metricNames(expr: string): string[] {
  const names = new Set<string>();
  parser.parse(expr).iterate({
    enter(node) {
      if (node.name === 'Identifier') names.add(expr.slice(node.from, node.to));
    },
  });
  return [...names];
}

/** What queries ask for and is not there: `LatencyP95High: no metric http_request_seconds`. */
export function unknownMetrics(expressions: readonly Expression[], known: ReadonlySet<string>): string[] {
  return expressions.flatMap(({ where, expr }) =>
    metricNames(expr)
      .filter((name) => !known.has(name))
      .map((name) => `${where}: no metric ${name}`),
  );
}
