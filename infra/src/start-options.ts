import { BadInput } from './bad-input.ts';
import { MOST_RTT_MS, type Topology } from './topology-schema.ts';

/** What was settled by the options of a start. */
export interface SettledOptions {
  /** The choice made and its values, by option. */
  choices: Record<string, { chosen: string; values: Record<string, string> }>;
  /** Round-trip times by link, in milliseconds. */
  rtts: Record<string, number>;
}

/**
 * Settles the options of a topology: as asked for, else their defaults.
 * @param asked - By option: the name of a choice, a round-trip time such as `10ms`, or a whole number.
 * @throws {BadInput} For an option, a choice, a time or a number that is not allowed, naming those that are.
 */
export function settleOptions(topology: Topology, asked: Record<string, string> = {}): SettledOptions {
  const { options = {}, links = {} } = topology;
  const settled: SettledOptions = {
    choices: {},
    rtts: Object.fromEntries(Object.entries(links).map(([name, { rttMs = 0 }]) => [name, rttMs])),
  };
  for (const name of Object.keys(asked)) {
    if (Object.hasOwn(options, name)) continue;
    const known = Object.keys(options);
    throw new BadInput(`no option ${name}; ${known.length > 0 ? `options: ${known.join(', ')}` : 'it has none'}`);
  }
  for (const [name, option] of Object.entries(options)) {
    if ('link' in option) {
      if (asked[name] !== undefined) settled.rtts[option.link] = milliseconds(name, asked[name]);
      continue;
    }
    if ('least' in option) {
      settled.choices[name] = { chosen: wholeNumber(name, asked[name] ?? String(option.default), option), values: {} };
      continue;
    }
    const chosen = asked[name] ?? option.default;
    if (!Object.hasOwn(option.choices, chosen))
      throw new BadInput(`--${name} ${chosen}: allowed are ${Object.keys(option.choices).join(', ')}`);
    settled.choices[name] = { chosen, values: option.choices[chosen] ?? {} };
  }
  return settled;
}

/**
 * Numbers of a topology, settled anew.
 * @throws {BadInput} For an option that is no number here, or a number out of its bounds.
 */
export function settledNumbers(topology: Topology, numbers: Record<string, number>): SettledOptions['choices'] {
  const known = Object.entries(topology.options ?? {}).flatMap(([name, option]) => ('least' in option ? [name] : []));
  const none = Object.keys(numbers).find((name) => !known.includes(name));
  if (none !== undefined) throw new BadInput(`no number ${none}; numbers: ${known.join(', ') || 'it has none'}`);
  const asked = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)]));
  const { choices } = settleOptions(topology, asked);
  return Object.fromEntries(Object.keys(numbers).map((name) => [name, choices[name] as (typeof choices)[string]]));
}

function wholeNumber(name: string, text: string, { least, most }: { least: number; most: number }): string {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return String(number);
  throw new BadInput(`--${name} ${text}: a whole number from ${least} to ${most}`);
}

function milliseconds(name: string, text: string): number {
  const number = /^(\d+(\.\d+)?)(ms)?$/.exec(text)?.[1];
  if (number === undefined || Number(number) > MOST_RTT_MS)
    throw new BadInput(`--${name} ${text}: a round-trip time from 0 to ${MOST_RTT_MS} ms, such as 10ms`);
  return Number(number);
}
