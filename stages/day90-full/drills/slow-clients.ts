import { readdirSync, readFileSync } from 'node:fs';
import { atMost, baselineP99, type Drill, during, noneFailed, PUBLIC_READS, p99, type Rig } from '@day90/bench/drill';
import { type Slow, SlowSockets } from './slow-sockets.ts';

const SOCKETS = 300;
/** By then who sends headers must have come to an end. */
const HEADERS_MS = 15_000;
const BODIES_MS = 15_000;
const READING_MS = 5_000;
/** Of one visitor, as limit-shedding.conf has it. */
const MOST_BODIES = 64;
/** Below this a p99 of some milliseconds is the machine's own noise. */
const LEAST_LIMIT_MS = 60;
/** Connections that the load itself opens anew, and those a box keeps to look at another one. */
const SPARED_FILES = 40;
const CLOSED_MS = 10_000;
const DOORS = ['edge-seoul', 'nginx'];

/** Three hundred clients send a byte a second: the others must not notice. */
export const slowClients: Drill = {
  number: 33,
  slug: 'slow-clients',
  stage: 'stage-7',
  title: `${SOCKETS} clients send a byte a second of their headers, then of a body, then read one`,
  expects: [
    'public reads: 0 failed, p99 at most 1.5 × that before, or 60 ms where that is less',
    `each connection without its headers is closed within ${HEADERS_MS / 1000} s`,
    `of one visitor's bodies at most ${MOST_BODIES} are waited for, the others refused within ${BODIES_MS / 1000} s`,
    'open files of edge and nginx as before, once they have gone',
  ],
  topology: 'src/topology.ts',
  rate: 60,
  mix: { post: 60, feed: 10, user: 20, me: 10 },
  faultSeconds: 40,
  skip: ({ machineKind }) => (machineKind.startsWith('linux') ? undefined : 'open files are counted in /proc'),
  async fault(rig) {
    rig.facts['files before'] = openFiles(rig);
    const headers = await slowly(rig, 'headers', HEADERS_MS);
    rig.facts['headers not closed'] = headers.open;
    headers.end();
    const bodies = await slowly(rig, 'body', BODIES_MS);
    rig.facts['bodies waited for'] = bodies.open;
    bodies.end();
    (await slowly(rig, 'reading', READING_MS)).end();
  },
  async heal(rig) {
    const most = (rig.facts['files before'] ?? 0) + SPARED_FILES;
    await rig.until('their connections are closed', CLOSED_MS, () => openFiles(rig) <= most).catch(() => undefined);
    rig.facts['files after'] = openFiles(rig);
  },
  judge(records, rig) {
    const of = (name: string) => rig.facts[name] ?? Number.NaN;
    const meanwhile = during(records, ['fault'], PUBLIC_READS);
    const limit = Math.max(1.5 * baselineP99(records), LEAST_LIMIT_MS);
    return [
      noneFailed('reads', 'public reads meanwhile', meanwhile),
      atMost('p99', 'public reads meanwhile: p99', p99(meanwhile), limit, 'ms'),
      atMost('headers', `without headers after ${HEADERS_MS / 1000} s: 0`, of('headers not closed'), 0, ''),
      atMost('bodies', `bodies waited for after ${BODIES_MS / 1000} s`, of('bodies waited for'), MOST_BODIES, ''),
      atMost('files', 'open files after', of('files after'), of('files before') + SPARED_FILES, ''),
    ];
  },
  mutation: {
    title: 'waits for whoever has sent something lately',
    topology: 'drills/patient-doors-topology.ts',
    breaks: ['headers', 'bodies'],
  },
};

async function slowly(rig: Rig, slow: Slow, ms: number): Promise<SlowSockets> {
  const sockets = new SlowSockets(rig, slow, SOCKETS);
  rig.mark(slow);
  await rig.sleep(ms);
  return sockets;
}

/** Of the doors' processes and those that came of them. */
function openFiles(rig: Rig): number {
  return DOORS.flatMap((box) => familyOf(rig.instance.box(box).pid).map(filesOf)).reduce(
    (sum, files) => sum + files,
    0,
  );
}

function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

function filesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
