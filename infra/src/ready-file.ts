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
