import { boxRssBytes, type Instance } from '@day90/infra';
import type { ArmSource } from '../claim.ts';
import type { Arm } from '../result.ts';
import { UsageSampler } from './usage-sampler.ts';

/** A box of an arm, and what it uses. */
export interface FollowedBox {
  name: string;
  /** The share of one core it is limited to, if any. */
  cpuShare?: number;
  sampler: UsageSampler;
}

/** What the boxes of an arm use while it is loaded. */
export class ArmUsage {
  readonly boxes: FollowedBox[];

  constructor(boxes: FollowedBox[]) {
    this.boxes = boxes;
  }

  /** Follows the boxes that an arm names; a role that has several stands for all of them. */
  static follow(instance: Instance, { box, boxes = [box] }: ArmSource): ArmUsage {
    const limits = new Map(instance.ready.boxes.map(({ name, cpuLimit }) => [name, cpuLimit]));
    return new ArmUsage(
      boxes
        .flatMap((role) => instance.boxesOf(role))
        .map((name): FollowedBox => {
          const cpuShare = limits.get(name);
          const read = () => ({ ...instance.usage(name), rssBytes: boxRssBytes(instance.box(name).pid) });
          return { name, ...(cpuShare !== undefined && { cpuShare }), sampler: new UsageSampler(read) };
        }),
    );
  }

  stop(): void {
    for (const { sampler } of this.boxes) sampler.stop();
  }

  /** CPU time of all boxes between two moments (microseconds since 1970-01-01 UTC), in microseconds. */
  cpuBetween(from: number, to: number): number {
    return this.boxes.reduce((sum, { sampler }) => sum + sampler.cpuBetween(from, to), 0);
  }

  /** Largest resident memory of the boxes together, in bytes. */
  get rssBytes(): number {
    return this.boxes.reduce((sum, { sampler }) => sum + sampler.rssBytes, 0);
  }

  /** What each box used between two moments, for a result. */
  between(from: number, to: number): NonNullable<Arm['boxes']> {
    return this.boxes.map(({ name, cpuShare, sampler }) => ({
      name,
      ...(cpuShare !== undefined && { cpuShare }),
      used: sampler.cpuBetween(from, to) / (to - from),
      throttled: sampler.throttledBetween(from, to),
    }));
  }
}
