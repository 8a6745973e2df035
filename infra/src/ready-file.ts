import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

export const READY_SCHEMA = 1;

const readySchema = z.object({
  schema: z.literal(READY_SCHEMA),
  instance: z.string(),
  stage: z.string(),
  variant: z.string().optional(),
  scale: z.enum(['small', 'medium', 'full']),
  /** The visitor's door. */
  url: z.string(),
  launcherPid: z.int(),
  startedAt: z.iso.datetime(),
  budgets: z.enum(['cgroup2', 'cgroup1', 'systemd', 'none']),
  boxes: z.array(
    z.object({
      name: z.string(),
      role: z.string(),
      pid: z.int(),
      port: z.int().optional(),
      url: z.string().optional(),
      cpuLimit: z.number().optional(),
      cgroup: z.string().optional(),
    }),
  ),
  links: z.array(z.object({ from: z.string(), to: z.string(), rttMs: z.number() })),
  /** Where the control socket is when `.run/<instance>/control.sock` is too long a path for one. */
  control: z.string().optional(),
});

/** `.run/<instance>/ready.json`: there while everything answers. */
export type ReadyFile = z.infer<typeof readySchema>;

/** Writes it whole or not at all, for the owner's eyes only. */
export function writeReadyFile(path: string, ready: ReadyFile): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}

/** What a ready file says, or undefined when there is none or it is of another schema. Says nothing of whether its launcher lives. */
export function readReadyFile(path: string): ReadyFile | undefined {
  try {
    return readySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
