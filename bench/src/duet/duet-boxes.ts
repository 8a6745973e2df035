import type { Instance } from '@day90/infra';
import type { DuetBox } from './load-arm.ts';

/**
 * Boxes of an instance for a duet, each replica of a role, with the budgets they were started with.
 * @param roles - Names of boxes or roles: all that an answer passes through, so that their CPU is reported.
 * @param shares - Budgets by role in place of the topology's; undefined lets a role run free. The instance must have been
 * launched with budgets: of a topology in which no box has one, nothing can be limited later.
 */
export function duetBoxes(
  instance: Pick<Instance, 'boxesOf' | 'ready' | 'setCpu' | 'usage'>,
  roles: readonly string[],
  shares: Record<string, number | undefined> = {},
): DuetBox[] {
  const limits = new Map(instance.ready.boxes.map(({ name, cpuLimit }) => [name, cpuLimit]));
  return roles.flatMap((role) =>
    instance.boxesOf(role).map((name) => ({
      name,
      cpuShare: Object.hasOwn(shares, role) ? shares[role] : limits.get(name),
      usage: () => instance.usage(name),
      limit: (share: number | undefined) => instance.setCpu(name, share),
    })),
  );
}
