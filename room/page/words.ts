/** `0.42 ms`, `7.1 ms`, `2,013 ms`. */
export function milliseconds(ms: number): string {
  const digits = ms < 1 ? 2 : ms < 100 ? 1 : 0;
  return `${ms.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`;
}

/** `31 %`, `0.4 %` */
export function percent(share: number): string {
  const value = share * 100;
  return `${value.toFixed(value > 0 && value < 1 ? 1 : 0)} %`;
}

/** `3.4`, `120` */
export function rate(perSecond: number): string {
  return perSecond.toFixed(perSecond > 0 && perSecond < 10 ? 1 : 0);
}
