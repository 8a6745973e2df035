const WIDTH = 120;
const HEIGHT = 24;
const POINTS = 120;

/** The last ten minutes of one figure as a line, from zero to the greatest there was. For eyes alone: its newest value stands beside it. */
export function Sparkline({ values, most }: { values: number[]; most?: number }) {
  const peaks = peaksOf(values);
  const top = Math.max(most ?? 0, ...peaks) || 1;
  const step = WIDTH / Math.max(1, peaks.length - 1);
  const points = peaks.map(
    (value, i) => `${(i * step).toFixed(1)},${(HEIGHT - (value / top) * (HEIGHT - 2) - 1).toFixed(1)}`,
  );
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  );
}

/** As many as there is room for, each the greatest of those that it stands for: a peak of one second is what one looks for. */
function peaksOf(values: number[]): number[] {
  const each = Math.ceil(values.length / POINTS);
  if (each <= 1) return values;
  return Array.from({ length: Math.ceil(values.length / each) }, (_, i) =>
    Math.max(...values.slice(i * each, (i + 1) * each)),
  );
}
