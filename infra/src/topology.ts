import { z } from 'zod';
import { BadInput } from './bad-input.ts';

/** Size of the seeded data: 1,000 / 10,000 / 100,000 users with ten posts each. */
export const scales = ['small', 'medium', 'full'] as const;
export type Scale = (typeof scales)[number];

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'only a-z, 0-9 and single hyphens inside');
const fileName = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'a plain file name');
const argv = z.array(z.string()).min(1);
const port = z.int().min(1024).max(65535);

const box = z.strictObject({
  /** What the box is for: `app`, `mail` … */
  role: name,
  /**
   * argv, started in the stage's folder; may hold placeholders. `node` is the Node that runs the launcher; other programs
   * are looked for on PATH and where system packages put theirs.
   */
  run: argv,
  /**
   * Templates by the name of the file made of them, in the folder `${conf}` stands for. Paths start in the stage's folder.
   * Rendered anew at each start.
   */
  files: z.record(fileName, z.string()).optional(),
  /** Values may hold placeholders, see {@link fillIn}. */
  env: z.record(z.string(), z.string()).optional(),
  /** Default port, or ports by name. The first one is the box's own: probed, and shown in ready.json. */
  port: z.union([port, z.record(name, port)]).optional(),
  /**
   * `http`: the path that must answer 200 · `tcp`: the port takes connections · `redis`: PING is answered, the data
   * loaded · `postgres`: connections are served, start-up and recovery over. Without it a box counts as ready once started.
   */
  ready: z
    .union([
      z.strictObject({ http: z.string().startsWith('/') }),
      z.strictObject({ tcp: z.literal(true) }),
      z.strictObject({ redis: z.literal(true) }),
      z.strictObject({ postgres: z.literal(true) }),
    ])
    .optional(),
  /** Longest time from start to readiness, in milliseconds; 30,000 unless told. */
  readyTimeoutMs: z.int().positive().optional(),
  /** Boxes that must be ready before this one starts. It is stopped before them. */
  after: z.array(name).optional(),
  /** What asks the box to end; SIGTERM unless told. */
  stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT']).optional(),
  /** Time from that signal to SIGKILL, in milliseconds; 12,000 unless told, since an app drains for up to 10 s. */
  stopTimeoutMs: z.int().positive().optional(),
  /** Share of one core. Reserved for the stage that brings budgets, and refused until then. */
  cpu: z.number().positive().optional(),
});

const topologySchema = z.strictObject({
  stage: name,
  variant: name.optional(),
  data: z
    .strictObject({
      /** Names the template together with scale and version: `sqlite`. */
      engine: name,
      /** Raised with every change of what `load` writes. */
      version: z.int().nonnegative(),
      /** Run in the stage's folder with `DATA_DIR` (to be filled) and `SCALE`; its stderr lines are shown as progress. */
      load: argv,
    })
    .optional(),
  /** The box whose first port is the visitor's URL. */
  door: name,
  boxes: z.record(name, box),
  /** Printed once everything is up; may hold placeholders. */
  hello: z.array(z.string()).optional(),
});

/** The processes of a stage, as data. */
export type Topology = z.infer<typeof topologySchema>;
/** One process of a topology. */
export type Box = z.infer<typeof box>;
/** What the seeded data of a topology is, and how it is made. */
export type Data = NonNullable<Topology['data']>;

/**
 * Checks a topology.
 * @throws {BadInput} Naming every problem: wrong shape, a box that is not there, a circle of `after`, a CPU budget.
 */
export function defineTopology(topology: Topology): Topology {
  const parsed = topologySchema.safeParse(topology);
  const label = typeof topology?.stage === 'string' ? `topology of ${topology.stage}` : 'topology';
  const problems = parsed.success
    ? crossChecks(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.') || 'topology'}: ${issue.message}`);
  if (problems.length > 0) throw new BadInput(`${label}: ${problems.join('; ')}`);
  return topology;
}

/** The name of a topology's instance unless another is asked for: the stage, with the variant behind it. */
export function instanceName(topology: Topology): string {
  return topology.variant ? `${topology.stage}-${topology.variant}` : topology.stage;
}

function crossChecks(topology: Topology): string[] {
  const names = Object.keys(topology.boxes);
  const known = `boxes: ${names.join(', ')}`;
  const problems: string[] = [];
  const door = topology.boxes[topology.door];
  if (!door) problems.push(`door: no box ${topology.door} (${known})`);
  else if (door.port === undefined) problems.push(`door: box ${topology.door} has no port`);
  for (const [name, box] of Object.entries(topology.boxes)) {
    for (const other of box.after ?? []) {
      if (!topology.boxes[other]) problems.push(`boxes.${name}.after: no box ${other} (${known})`);
    }
    if (box.ready && box.port === undefined) problems.push(`boxes.${name}.ready: needs a port to ask`);
    if (box.cpu !== undefined) problems.push(`boxes.${name}.cpu: CPU budgets come with stage 3; leave it out`);
  }
  const circle = findCircle(topology);
  if (problems.length === 0 && circle) problems.push(`after: ${circle.join(' → ')} is a circle`);
  return problems;
}

function findCircle(topology: Topology): string[] | undefined {
  const done = new Set<string>();
  const walk = (name: string, path: string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const other of topology.boxes[name]?.after ?? []) {
      const circle = walk(other, [...path, name]);
      if (circle) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(topology.boxes)) {
    const circle = walk(name, []);
    if (circle) return circle;
  }
  return undefined;
}
