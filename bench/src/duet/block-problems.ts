import type { ArmBlock, DuetArm } from './load-arm.ts';

/** A box that used less of its budget was not at its limit (MEASURING rule 4). */
const LEAST_USE = 0.95;
/** A box that used more of it is held by nothing. A tenth is for the periods at both edges of a block. */
const LARGEST_USE = 1.1;
/** Below this the arms wait for the machine, and not for their budgets (MEASURING rule 4). */
const LEAST_IDLE = 0.15;

/** What a block is judged by; where nothing but answers can be counted, by less. */
type Judged = Pick<ArmBlock, 'boxes' | 'hostIdle' | 'answered'> & Partial<ArmBlock>;

/** @returns What makes an arm's share in a block worth nothing, each in a few words. */
export function blockProblems(arm: Pick<DuetArm, 'label' | 'boxes'>, block: Judged): string[] {
  const problems: string[] = [];
  for (const [i, { name, cpuShare, mayRest }] of arm.boxes.entries()) {
    if (cpuShare === undefined) continue;
    const use = (block.boxes[i]?.used ?? 0) / cpuShare;
    const said = `${name} of ${arm.label} used ${percent(use)} of its budget`;
    if (!(use >= LEAST_USE) && !mayRest) problems.push(`${said}, ${percent(LEAST_USE)} is the least`);
    if (use > LARGEST_USE) problems.push(`${said}: it is not enforced here`);
  }
  if (!(block.hostIdle >= LEAST_IDLE)) {
    problems.push(`the machine was ${percent(Math.max(0, block.hostIdle))} idle, ${percent(LEAST_IDLE)} is the least`);
  }
  return [...problems, ...unanswered(arm.label, block)];
}

/** What is answered by an error costs a box less than an answer: of a block with some of it, the rate is no capacity. */
function unanswered(label: string, { answered, refused = 0, timedOut = 0, broken = 0 }: Judged): string[] {
  const of = `of ${answered + refused + timedOut + broken} requests`;
  return [
    ...(answered === 0 ? [`${label} answered nothing`] : []),
    ...(refused > 0 ? [`${label} refused ${refused} ${of}`] : []),
    ...(timedOut > 0 ? [`${label} left ${timedOut} ${of} without an answer for 2 s`] : []),
    ...(broken > 0 ? [`${label} broke off, or refused, ${broken} connections`] : []),
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
