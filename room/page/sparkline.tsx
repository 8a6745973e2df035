const WIDTH = 120;
const HEIGHT = 24;

/** The last ten minutes of one figure as a line, from zero to the greatest there was. For eyes alone: its newest value stands beside it. */
export function Sparkline({ values, most }: { values: number[]; most?: number }) {
  const top = Math.max(most ?? 0, ...values) || 1;
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map(
    (value, i) => `${(i * step).toFixed(1)},${(HEIGHT - (value / top) * (HEIGHT - 2) - 1).toFixed(1)}`,
  );
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  );
}
