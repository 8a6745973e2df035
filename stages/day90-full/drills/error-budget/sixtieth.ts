/** Two scrapes must lie in it, of one every two seconds. */
const LEAST_WINDOW_S = 5;
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Rules with windows of a sixtieth: what takes an hour there takes a minute here. Names and limits stay as they are. */
export function sixtieth(rules: string): string {
  return rules
    .replace(/\[(\d+)([smhd])\]/g, (_, count: string, unit: keyof typeof SECONDS) => {
      return `[${Math.max(LEAST_WINDOW_S, (Number(count) * SECONDS[unit]) / 60)}s]`;
    })
    .replace(/^( +)interval: \S+/gm, '$1interval: 2s');
}
