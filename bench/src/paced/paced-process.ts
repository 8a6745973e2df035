import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Answers, FILES, type PacedPlan, pacedPlan, type Target } from './paced-plan.ts';
import { Sender } from './sender.ts';

const TICK_MS = 1;
const LOOK_MS = 500;

const folder = process.argv[2] ?? '.';
const plan = pacedPlan.parse(JSON.parse(readFileSync(join(folder, FILES.plan), 'utf8')));
const answers = new Answers(plan.count);
const requestAt = readRequests();
const cpuBefore = process.cpuUsage();
const from = performance.now();
const startedAt = Date.now();
const { sent, stoodStillMs } = await send(plan);
const seconds = (performance.now() - from) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
writeFileSync(join(folder, FILES.answers), answers.bytes);
process.send?.({ startedAt, sent, seconds, stoodStillMs, cpuMicros: user + system }, () => process.disconnect());

function readRequests() {
  const lines = readFileSync(join(folder, FILES.targets), 'utf8').trimEnd().split('\n');
  const requests = lines.map((line) => {
    const { text, again } = JSON.parse(line) as Target;
    return { bytes: Buffer.from(text), again };
  });
  const bytes = readFileSync(join(folder, FILES.order));
  const order = new Uint32Array(bytes.buffer, bytes.byteOffset, plan.count);
  return (n: number) => requests[order[n] as number] as (typeof requests)[number];
}

/** @returns How many were sent, once each has come to its end, and the longest time between two looks at what is due. */
async function send({ pace, count }: PacedPlan): Promise<{ sent: number; stoodStillMs: number }> {
  let stoodStillMs = 0;
  let done = 0;
  let begun = 0;
  let refill = () => {};
  const sender = new Sender(plan, requestAt, answers, () => {
    done += 1;
    refill();
  });
  const next = (due: number) => sender.send(begun++, due);
  const look = setInterval(() => sender.giveUpOld(), LOOK_MS);
  if ('rate' in pace) {
    let looked = from;
    while (begun < count) {
      const now = performance.now();
      stoodStillMs = Math.max(stoodStillMs, now - looked);
      looked = now;
      const dueNow = Math.min(count, Math.floor(((now - from) * pace.rate) / 1000) + 1);
      while (begun < dueNow) next(from + (1000 * begun) / pace.rate);
      await sleep(TICK_MS);
    }
  } else {
    const end = from + pace.seconds * 1000;
    refill = () => {
      if (begun < count && performance.now() < end) next(performance.now());
    };
    for (let lane = 0; lane < pace.atOnce; lane += 1) refill();
  }
  while (done < begun) await sleep(TICK_MS);
  clearInterval(look);
  sender.close();
  return { sent: begun, stoodStillMs };
}
