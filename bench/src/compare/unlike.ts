import type { ResultBody } from '../result.ts';

type Env = Pick<ResultBody['env'], 'machineKind' | 'cpu' | 'scale' | 'budgets'>;

const ASPECTS: Record<keyof Env, string> = {
  machineKind: 'machine',
  cpu: 'processor',
  scale: 'scale',
  budgets: 'budgets',
};

/** How two runs differ in what their figures depend on, each in a few words: `scale medium and small`. */
export function unlikeness(first: Env, second: Env): string[] {
  return (Object.keys(ASPECTS) as (keyof Env)[]).flatMap((key) =>
    first[key] === second[key] ? [] : [`${ASPECTS[key]} ${first[key]} and ${second[key]}`],
  );
}
