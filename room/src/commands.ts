import type { Action } from './snapshot.ts';

/** What does the same in a terminal. A box leads its process group, so that a minus before its pid reaches all of it. */
export function commandOf(
  action: Action,
  { stage, instance, pid }: { stage: string; instance: string; pid: number | null },
): string {
  const own = instance === stage ? '' : ` --instance ${instance}`;
  switch (action.do) {
    case 'kill':
      return `kill -KILL -- -${pid}`;
    case 'freeze':
      return `kill -STOP -- -${pid}`;
    case 'thaw':
      return `kill -CONT -- -${pid}`;
    case 'scale':
      return `npx -y pnpm --filter ${stage} scale ${action.box}=${action.count}${own}`;
    case 'roll':
      return `npx -y pnpm --filter ${stage} roll --box ${action.box}${own}`;
  }
}
