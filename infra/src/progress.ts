/** Takes one line at a time. A `passing` line may be overwritten by the next one. */
export type Progress = (line: string, passing?: boolean) => void;

/** Progress on standard error: on a terminal passing lines share one row, elsewhere every line is written. */
export function stderrProgress(): Progress {
  const out = process.stderr;
  let open = false;
  return (line, passing = false) => {
    if (!out.isTTY) {
      out.write(`${line}\n`);
      return;
    }
    const width = Math.max((out.columns ?? 80) - 1, 20);
    const row = passing && line.length > width ? `${line.slice(0, width - 1)}…` : line;
    out.write(`${open ? '\r\u001b[K' : ''}${row}${passing ? '' : '\n'}`);
    open = passing;
  };
}

/** `0.4 s`, `12 s`, `2 min 05 s`. */
export function seconds(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  if (whole < 120) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
