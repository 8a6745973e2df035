import type { BoxSet } from './box-set.ts';
import { usageOf } from './box-usage.ts';
import type { Budgets, BudgetUsage } from './budget.ts';
import type { Progress } from './progress.ts';
import type { ReplicaChanges } from './replica-changes.ts';

/** What can be asked of the boxes of a running instance, and done to them; see Instance. */
export abstract class BoxControls {
  protected abstract readonly boxes: BoxSet;
  protected abstract readonly changes: ReplicaChanges;
  protected abstract readonly budgets: Budgets;
  protected abstract readonly progress: Progress;
  /** Writes down what is running now. */
  protected abstract tell(): void;

  box(name: string): { pid: number; port: number | undefined; ports: Record<string, number> } {
    const { pid, settings } = this.boxes.get(name).box;
    if (pid === undefined) throw new Error(`box ${name} is down`);
    return { pid, port: settings.port, ports: settings.ports };
  }

  boxesOf(name: string): string[] {
    return this.boxes.of(name).map(({ box }) => box.settings.name);
  }

  setCpu(name: string, share: number | undefined): void {
    this.boxes.get(name).box.setCpu(share);
    this.tell();
  }

  usage(name: string): BudgetUsage {
    const { box } = this.boxes.get(name);
    return this.budgets.usage(name) ?? usageOf(box.pids);
  }

  scale(name: string, count: number): Promise<void> {
    return this.changes.scale(name, count, this.progress);
  }

  roll(name: string): Promise<void> {
    return this.changes.roll(name, this.progress);
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.boxes.get(name).box.signal(signal);
  }

  hold(name: string): void {
    this.boxes.get(name).hold();
  }

  release(name: string): void {
    this.boxes.get(name).release();
  }

  kill(name: string): Promise<void> {
    return this.boxes.get(name).box.kill();
  }
}
