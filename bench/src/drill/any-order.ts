import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Topology } from '@day90/infra';
import type { Drill, Mutation, Rig } from './drill.ts';
import { atMost, during, noneFailed } from './judging.ts';

/** What differs between the stages. */
interface AnyOrder {
  stage: string;
  /** Boxes of the topology that come last, with all their replicas: what the others depend on. */
  late: readonly string[];
  /** The line in which an app box says what it waits for; undefined where it needs none of them to be ready. */
  says?: RegExp;
  /** A topology of {@link impatient} boxes: a module in the stage's folder. */
  impatient: NonNullable<Mutation['topology']>;
}

const LATE_MS = 15_000;
/** From a box's death to that of all, and from the return of the last dependency to that of the last box. */
const [DOWN_MS, UP_MS] = [5000, 30_000];
const READY_MS = 2000;
const IMPATIENT = fileURLToPath(new URL('./impatient.mjs', import.meta.url));

/** All boxes die, and come back in the wrong order: first who serves visitors, 15 s later what those depend on. */
export function inAnyOrder({ stage, late, says, impatient: topology }: AnyOrder): Drill {
  return {
    number: 35,
    slug: 'any-order',
    stage,
    title: `every box is killed, and started again in the wrong order: ${late.join(', ')} ${LATE_MS / 1000} s after the others`,
    expects: [
      'who is early waits: none of them ends',
      ...(says ? ['each app box says what it waits for, and no line twice'] : []),
      `all are ready within ${READY_MS / 1000} s of the last one that they wait for`,
      'whole again by itself: no request fails from that time on',
    ],
    topology: 'src/topology.ts',
    rate: 30,
    mix: { post: 40, feed: 10, user: 10, author: 10, me: 10, create: 10, keyed: 10 },
    faultSeconds: 25,
    unavailable: 'unknown', // it may have been the answer to a COMMIT that was lost
    async rehearse(rig) {
      // The fault has every app begin anew under load, and its heap grow to all who wait: compared with one that began likewise.
      const apps = rig.instance.ready.boxes.filter(({ role }) => role === 'app').map(({ name }) => name);
      await Promise.all(apps.map((name) => rig.kill(name)));
      await whenUp(rig, apps);
      await rig.sleep(READY_MS);
    },
    async fault(rig) {
      const { instance } = rig;
      const dependencies = late.flatMap((box) => instance.boxesOf(box));
      const early = instance.ready.boxes.map(({ name }) => name).filter((name) => !dependencies.includes(name));
      const waitingLines = logLines(rig);
      for (const name of [...early, ...dependencies]) instance.hold(name);
      await Promise.all([...early, ...dependencies].map((name) => rig.kill(name)));
      await rig.until('all boxes are down', DOWN_MS, () => instance.ready.boxes.length === 0);
      for (const name of early.reverse()) instance.release(name);
      await rig.sleep(LATE_MS);
      for (const name of dependencies) instance.release(name);
      const readyAt = await whenUp(rig, [...early, ...dependencies]);
      const last = (names: string[]) => Math.max(...names.map((name) => readyAt.get(name) ?? Number.NaN));
      rig.mark('dependencies ready', last(dependencies));
      rig.facts['ready after the dependencies'] = Math.max(0, Math.round(last(early) - last(dependencies)));
      // A box is ready without its sessions, and waits up to a second before it tries again to reach them.
      await rig.sleep(Math.max(0, READY_MS - (rig.now() - last(dependencies))));
      if (!says) return;
      const said = waitingLines(says);
      rig.facts['app boxes that say nothing'] = said.filter((lines) => lines.length === 0).length;
      rig.facts['lines said twice'] = said.flat().length - said.flatMap((lines) => [...new Set(lines)]).length;
    },
    async heal() {
      // All of them are back, and nobody has to be told.
    },
    judge(records, { facts }) {
      const of = (name: string) => facts[name] ?? Number.NaN;
      return [
        atMost('ready', 'the last box after the last dependency', of('ready after the dependencies'), READY_MS, 'ms'),
        ...(says
          ? [
              atMost(
                'says',
                'app boxes that do not say what they wait for: 0',
                of('app boxes that say nothing'),
                0,
                '',
              ),
              atMost('once', 'lines that an app box says twice: 0', of('lines said twice'), 0, ''),
            ]
          : []),
        noneFailed('healed', 'after healing, requests of all kinds', during(records, ['healed'])),
      ];
    },
    mutation: {
      title: 'has app boxes that end when what they depend on is not there yet',
      topology,
      breaks: ['deaths'],
    },
  };
}

/** App boxes that look for a dependency at their start and end without it, as is usually taught. */
export function impatient(topology: Topology, dependency: string): Topology {
  const boxes = Object.entries(topology.boxes).map(([name, box]) => {
    if (box.role !== 'app') return [name, box] as const;
    const [node = '', ...args] = box.run;
    const env = { ...box.env, NEEDED_PORT: `\${port:${dependency}}` };
    return [name, { ...box, run: [node, '--import', IMPATIENT, ...args], env }] as const;
  });
  return { ...topology, variant: 'impatient', boxes: Object.fromEntries(boxes) };
}

/** When each box is up, on the clock of the records. */
async function whenUp(rig: Rig, names: readonly string[]): Promise<Map<string, number>> {
  const readyAt = new Map<string, number>();
  await rig.until('all boxes are ready again', UP_MS, async () => {
    const up = (await rig.boxes()).filter(({ state }) => state === 'up').map(({ box }) => box);
    for (const name of up) if (!readyAt.has(name)) readyAt.set(name, rig.now());
    return names.every((name) => readyAt.has(name));
  });
  return readyAt;
}

/** What each app box has said since this was called, without the times. */
function logLines({ instance, logs }: Rig): (what: RegExp) => string[][] {
  const apps = instance.ready.boxes.filter(({ role }) => role === 'app').map(({ name }) => name);
  const textOf = (name: string) => readFileSync(`${logs}/${name}.log`, 'utf8');
  const before = new Map(apps.map((name) => [name, textOf(name).length]));
  return (what) =>
    apps.map((name) => {
      const lines = textOf(name).slice(before.get(name)).split('\n');
      return lines.filter((line) => what.test(line)).map((line) => line.replace(/"time":\d+/, ''));
    });
}
