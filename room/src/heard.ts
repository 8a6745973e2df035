import { type BudgetUsage, control, type ReadyFile } from '@day90/infra';

/** A box as its launcher sees it. */
export interface BoxState {
  box: string;
  pid: number | null;
  state: string;
  restarts: number;
}

/** What was last heard from a launcher. */
export interface Heard {
  ready: ReadyFile;
  states: BoxState[];
  usage: Record<string, BudgetUsage>;
}

/** Asks the launcher of an instance. @throws {BadInput} When the instance is down. */
export async function hear(workspace: string, instance: string): Promise<Heard> {
  const ask = (what: 'status' | 'usage') => control(workspace, instance, { do: what });
  const [{ ready, boxes }, { usage }] = (await Promise.all([ask('status'), ask('usage')])) as [
    { ready: ReadyFile; boxes: BoxState[] },
    { usage: Record<string, BudgetUsage> },
  ];
  return { ready, states: boxes, usage };
}
