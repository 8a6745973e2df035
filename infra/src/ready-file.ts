import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { BoxProcess } from './box-process.ts';
import type { Budgets } from './budget.ts';
import type { Scale, Topology } from './topology.ts';

const READY_SCHEMA = 1;

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
      /** By name, where it has more than one. */
      ports: z.record(z.string(), z.int()).optional(),
      url: z.string().optional(),
      cpuLimit: z.number().optional(),
      cgroup: z.string().optional(),
    }),
  ),
  /** `port` is what `from` connects to. */
  links: z.array(z.object({ from: z.string(), to: z.string(), rttMs: z.number(), port: z.int().optional() })),
  /** Where the control socket is when `.run/<instance>/control.sock` is too long a path for one. */
  control: z.string().optional(),
});

/** `.run/<instance>/ready.json`: there while everything answers. */
export type ReadyFile = z.infer<typeof readySchema>;

/** What is known of an instance. */
export function readyFile(of: {
  instance: string;
  topology: Topology;
  scale: Scale;
  url: string;
  startedAt: string;
  budgets: Budgets;
  boxes: BoxProcess[];
  links: ReadyFile['links'];
  control: string | undefined;
}): ReadyFile {
  const { topology, budgets, boxes, control } = of;
  return {
    schema: READY_SCHEMA,
    instance: of.instance,
    stage: topology.stage,
    ...(topology.variant ? { variant: topology.variant } : {}),
    scale: of.scale,
    url: of.url,
    launcherPid: process.pid,
    startedAt: of.startedAt,
    budgets: budgets.kind,
    boxes: boxes.flatMap((box) => readyBox(box, budgets) ?? []),
    links: of.links,
    ...(control === undefined ? {} : { control }),
  };
}

/** A box as ready.json lists it: only while it has a process. */
function readyBox({ pid, cpu, settings }: BoxProcess, budgets: Budgets): ReadyFile['boxes'][number] | undefined {
  const { name, port, ports, box } = settings;
  if (pid === undefined) return undefined;
  const cgroup = budgets.group(name);
  return {
    name,
    role: box.role,
    pid,
    ...(port === undefined ? {} : { port }),
    ...(Object.keys(ports).length > 1 ? { ports } : {}),
    ...(box.ready && 'http' in box.ready ? { url: `http://127.0.0.1:${port}` } : {}),
    ...(cpu === undefined || budgets.kind === 'none' ? {} : { cpuLimit: cpu }),
    ...(cgroup === undefined ? {} : { cgroup }),
  };
}

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
