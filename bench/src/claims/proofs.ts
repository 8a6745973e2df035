import { existsSync } from 'node:fs';
import { allStages, type Stage } from '@day90/infra';
import { drillName, loadDrills } from '../drill/drills.ts';
import { finaleFile, loadFinale } from '../finale/load-finale.ts';
import { loadClaims } from '../run/claims.ts';
import type { LedgerRow } from './ledger-row.ts';

/** Something that can be run and then says whether a row of the ledger holds. */
export interface Proof {
  kind: 'claim' | 'drill' | 'test';
  /** `stage-1.feed`, `stage-2.3-cache-killed`, or a test's file and name. */
  name: string;
  /** The stage that it is run on, where it is of one. */
  stage?: string;
  /** What it says or breaks, as a sentence. */
  title: string;
  /** The command that runs it, as it is typed after `pnpm`. */
  command: readonly string[];
  /** Of a test, where it stands. */
  file?: string;
  /** The row that it is a proof of first, for one that sums that row up. */
  of?: string;
}

/** What the workspace has to prove something with. */
export interface Provers {
  stages: readonly Stage[];
  proofs: readonly (Proof & { proves: readonly string[]; drill?: number })[];
}

/** All claims and drills of all stages. A stage that has none yet is passed over. */
export async function loadProvers(root: string): Promise<Provers> {
  const stages = allStages(root);
  const claims = await Promise.all(stages.map(claimsOf));
  const drills = (await loadDrills(root)).map(({ stage, drill }) => ({
    ...{ kind: 'drill' as const, name: `${stage.name}.${drillName(drill)}`, stage: stage.name, title: drill.title },
    ...{ command: ['drill', drillName(drill), '--stage', stage.name], proves: [], drill: drill.number },
  }));
  return { stages, proofs: [...claims.flat(), ...(await finalesOf(root, stages.at(-1))), ...drills] };
}

async function claimsOf(stage: Stage): Promise<Provers['proofs']> {
  if (!existsSync(`${stage.folder}/claims/index.ts`)) return [];
  return (await loadClaims(stage)).map(({ id, title, proves }) => ({
    ...{ kind: 'claim' as const, name: `${stage.name}.${id}`, stage: stage.name, title, proves },
    command: ['bench', stage.name, '--claim', id],
  }));
}

/** Not among the claims of its stage: it takes the whole machine, and has a command of its own. */
async function finalesOf(root: string, last: Stage | undefined): Promise<Provers['proofs']> {
  if (!last || !existsSync(finaleFile(last))) return [];
  const both = [false, true].map(async (faults) => {
    const { id, title, proves } = (await loadFinale(root, { faults, wanted: {} })).claim;
    const command = ['bench', 'finale', ...(faults ? ['--faults'] : [])];
    return { kind: 'claim' as const, name: `${last.name}.${id}`, stage: last.name, title, proves, command };
  });
  return Promise.all(both);
}

/** What proves a row: its own proofs, then those of the rows it sums up, each once. */
export function proofsOf(row: LedgerRow, rows: readonly LedgerRow[], provers: Provers): Proof[] {
  const own = [...madeBy(row, provers), ...testsOf(row)];
  const others = (row.as ?? []).flatMap((id) => {
    const other = rows.find((candidate) => candidate.id === id);
    return other ? proofsOf(other, rows, provers).map((proof) => ({ of: id, ...proof })) : [];
  });
  // The first of each name stays: a row's own proof before that of another.
  return [...new Map([...own, ...others].reverse().map((proof) => [proof.name, proof])).values()].reverse();
}

function madeBy({ id, claims = [], drills = [] }: LedgerRow, { proofs }: Provers): Proof[] {
  return proofs
    .filter(
      ({ name, proves, drill }) =>
        proves.includes(id) || claims.includes(name) || (drill !== undefined && drills.includes(drill)),
    )
    .map(({ proves: _, drill: __, ...proof }) => proof);
}

function testsOf({ tests = [] }: LedgerRow): Proof[] {
  return tests.map(({ file, name }) => ({
    ...{ kind: 'test' as const, name: `${file}: ${name}`, title: name, file },
    command: ['test', file, '-t', name],
  }));
}
