/** One value of a metric, as a scrape shows it. */
export interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Reads what a `/metrics` page says. */
export function readMetrics(text: string): Series[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === '') throw new Error(`This is no line of metrics: ${line}`);
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', of = '']) => [label, of]);
    return { name, labels: Object.fromEntries(pairs), value: Number(value.replace('+Inf', 'Infinity')) };
  });
}

/** The value of the one series with this name and these labels. */
export function metricValue(series: readonly Series[], name: string, labels: Record<string, string> = {}): number {
  const found = series.filter(
    (one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  );
  if (found.length !== 1) throw new Error(`${found.length} series of ${name} ${JSON.stringify(labels)}`);
  return found[0]?.value as number;
}

/**
 * The labels that have got values between two scrapes that nobody has foreseen: whatever strangers have sent meanwhile must
 * not be among them.
 * @param most - New values of one label that are no growth, such as a status that was not there yet.
 */
export function growingLabels(before: readonly Series[], after: readonly Series[], most = 3): string[] {
  const [known, now] = [valuesByLabel(before), valuesByLabel(after)];
  return [...now]
    .filter(([label, values]) => values.size - (known.get(label)?.size ?? 0) > most)
    .map(([label]) => label);
}

function valuesByLabel(series: readonly Series[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { name, labels } of series) {
    for (const [label, value] of Object.entries(labels)) {
      const key = `${name}.${label}`;
      found.set(key, (found.get(key) ?? new Set()).add(value));
    }
  }
  return found;
}
