/** A box that is so busy that it does not tell within this time says nothing, which the policy knows how to take. */
const ANSWER_MS = 500;

/**
 * Asks a process on this machine for a gauge: the sum of all its series at `/metrics`.
 * @returns Undefined where nobody answers in time, or has no such gauge.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export async function readGauge(port: number, name: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok ? sumOf(name, await answer.text()) : undefined;
  } catch {
    return undefined;
  }
}

function sumOf(name: string, text: string): number | undefined {
  const series = text
    .split('\n')
    .filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return series.length === 0 || series.some(Number.isNaN) ? undefined : series.reduce((sum, value) => sum + value, 0);
}
