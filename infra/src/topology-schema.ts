import { z } from 'zod';

/** Size of the seeded data: 1,000 / 10,000 / 100,000 users with ten posts each. */
export const scales = ['small', 'medium', 'full'] as const;
export type Scale = (typeof scales)[number];

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'only a-z, 0-9 and single hyphens inside');
const fileName = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'a plain file name');
/** What may ask a process to end. */
export const endSignal = z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT']);
const argv = z.array(z.string()).min(1);
const port = z.int().min(1024).max(65535);

/** Longest round-trip time of a link, in milliseconds. */
export const MOST_RTT_MS = 1000;

/** What says how many boxes a load needs, see {@link decideScale}. Times in seconds. */
const scaling = z.strictObject({
  /** Share of its budget that a box is to use, on the mean of all: the rest is for what comes until another box is there. */
  cpu: z.number().positive().max(1),
  /**
   * Share of the requests at once that a box lets in which are to be under way, on the mean of all, and the gauge that tells it,
   * at `/metrics` on this port of the box.
   */
  concurrency: z.strictObject({ target: z.number().positive().max(1), gauge: z.string(), port: name }).optional(),
  /** Budget of each box while their number follows the load, as a share of one core. */
  budget: z.number().positive(),
  /** How many there may be where machines can be had for them; a start takes of it what it has ports for. */
  bounds: z.strictObject({ least: z.int().positive(), most: z.int().positive() }),
  /** How long a new box compiles what it runs, and tells nothing of the load. */
  warmUpSeconds: z.number().nonnegative(),
  /** From a change to the next one. */
  coolDownSeconds: z.number().nonnegative(),
  /** How long fewer must have been enough before one goes. */
  shrinkAfterSeconds: z.number().nonnegative(),
});

/** Boxes of one kind, named `<box>-1` on. Their ports follow each of the box's; inside, `${port:self}` is the own one. */
const replicas = z.strictObject({
  /** How many a start has. */
  count: z.int().positive(),
  /** Bounds of `scale`. Ports are kept for the most. */
  least: z.int().positive(),
  most: z.int().positive(),
  /** Parameters in each line of `${servers:<box>}`; may hold placeholders. */
  server: z.string().optional(),
  /** More of them for the first replica's line. */
  firstServer: z.string().optional(),
  /** Time between two replicas in a roll, in milliseconds, for a balancer to take the first back; none unless told. */
  rollPauseMs: z.int().nonnegative().optional(),
  /** Each holds data of its own: there never become fewer, and the next start has as many as `scale` made. */
  kept: z.literal(true).optional(),
  /** What `start --autoscale` goes by. */
  scaling: scaling.optional(),
});

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
   * Rendered anew at each start; `${env:<name>}` in them is one of the box's own variables.
   */
  files: z.record(fileName, z.string()).optional(),
  /** Values may hold placeholders, see {@link fillIn}. */
  env: z.record(z.string(), z.string()).optional(),
  /**
   * Run to its end before each start of the box, as who started the launcher and in the stage's folder: it brings the box's
   * data into a state that it can start from. What it writes goes into the box's log.
   */
  prepare: z
    .strictObject({
      run: argv,
      /** Values may hold placeholders. */
      env: z.record(z.string(), z.string()).optional(),
      /** Longest time it may take, in milliseconds; 60,000 unless told. */
      timeoutMs: z.int().positive().optional(),
    })
    .optional(),
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
  /** Longest time from start to readiness, in milliseconds; 60,000 unless told: on a busy machine Node takes ten times as long as on an idle one. */
  readyTimeoutMs: z.int().positive().optional(),
  /** Boxes that must be ready before this one starts. It is stopped before them. */
  after: z.array(name).optional(),
  /** What asks the box to end; SIGTERM unless told. */
  stopSignal: endSignal.optional(),
  /** Time from that signal to SIGKILL, in milliseconds; 12,000 unless told, since an app drains for up to 10 s. */
  stopTimeoutMs: z.int().positive().optional(),
  /**
   * Sent up to a second before that SIGKILL, and before a guardian's, to a box that holds what outlives its processes and
   * only they give back, such as shared memory of System V. Not before the `kill` of a drill, which is to leave it behind.
   */
  abortSignal: endSignal.optional(),
  /** Budget: share of one core. Applied once the box is ready, so that start-up runs free; anew after each restart. */
  cpu: z.number().positive().optional(),
  /** Started by root it runs as an unprivileged user, in the data folder, which then is that user's. */
  unprivileged: z.literal(true).optional(),
  /** It talks to the launcher, and is of no use where there is none: what is made for elsewhere goes without it. */
  launcherOnly: z.literal(true).optional(),
  /** Sent after its files were rendered anew while it runs; without it, it reads them at its next start. */
  reload: z.enum(['SIGHUP', 'SIGUSR1', 'SIGUSR2']).optional(),
  replicas: replicas.optional(),
});

const option = z.union([
  z.strictObject({
    /** What can be chosen, each with values that templates read as `${option:<name>.<value>}`; all have the same ones. */
    choices: z.record(name, z.record(name, z.string())),
    default: name,
  }),
  z.strictObject({
    /** The link whose round-trip time it sets: `10ms`. */
    link: name,
  }),
  /** A whole number between two bounds, which templates read as `${option:<name>}`, and which `set` changes while they run. */
  z.strictObject({ least: z.int(), most: z.int(), default: z.int() }),
]);

const link = z.strictObject({
  /** The box (with all its replicas) that reads `${link:<name>}`, or a place. */
  from: name,
  /** The box it leads to, by its first port. */
  to: name,
  /** Of the delay proxy: one process, the box `links`, serves all links whose round-trip time is above 0. */
  port,
  /** Round-trip time that is added, in milliseconds. */
  rttMs: z.number().min(0).max(MOST_RTT_MS).optional(),
});

/** Shape of a topology. */
export const topologySchema = z.strictObject({
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
      /** More variables for it; values may hold `${secret:<name>}`, such as a password that the data is made with. */
      env: z.record(z.string(), z.string()).optional(),
      /** Belongs to the unprivileged user, where there is one: `DATA_DIR` lies where that user can reach it. */
      unprivileged: z.literal(true).optional(),
    })
    .optional(),
  /** The box whose first port is the visitor's URL. */
  door: name,
  boxes: z.record(name, box),
  /** Flags of `start` that only this topology has, by name. */
  options: z.record(name, option).optional(),
  /** Where visitors are: what a link may come from, beside boxes. */
  places: z.array(name).optional(),
  /** Connections that can be given a round-trip time, by name. */
  links: z.record(name, link).optional(),
  /** Printed once everything is up; may hold placeholders. */
  hello: z.array(z.string()).optional(),
});

/** The processes of a stage, as data. */
export type Topology = z.infer<typeof topologySchema>;
/** One process of a topology. */
export type Box = z.infer<typeof box>;
/** How many boxes of a kind there are, and can be. */
export type Replicas = z.infer<typeof replicas>;
/** What the number of boxes of a kind follows. */
export type Scaling = z.infer<typeof scaling>;
/** What the seeded data of a topology is, and how it is made. */
export type Data = NonNullable<Topology['data']>;
