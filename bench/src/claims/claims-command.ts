import { BadInput, endSignals } from '@day90/infra';
import { Command, Option } from 'commander';
import { type LedgerEntry, ledgerOf } from './ledger.ts';
import type { LedgerRow } from './ledger-row.ts';
import { renderLedger } from './ledger-table.ts';
import { type ResultFolders, resultFolders } from './outcomes.ts';
import { loadProvers, type Proof, type Provers } from './proofs.ts';
import { ledgerRows } from './rows.ts';
import { runProofs } from './run-proofs.ts';
import { saveOutcomes } from './save-outcomes.ts';

/** The kinds of proofs by the word for them. */
const KINDS = { benches: 'claim', drills: 'drill', tests: 'test' } as const satisfies Record<string, Proof['kind']>;

interface Flags {
  run?: boolean;
  only?: keyof typeof KINDS;
  save?: boolean;
  json?: boolean;
}

/**
 * `pnpm claims`. Its exit status: 0 shown (a missed goal, too), 1 bad input or, with `--run`, something could not be run,
 * 130 Ctrl-C.
 * @param root - The workspace's root folder.
 */
export function claimsCommand(root: string): Command {
  return new Command('pnpm claims')
    .description(
      'The ledger: every claim of the guide, every trap and every line of its checklist, and what proves it.',
    )
    .argument('[rows...]', 'rows to show, each with its commands, such as C1 T3 K11; without any all of them, in short')
    .option('--run', 'run what is stale or was never run here, then show the rows')
    .addOption(new Option('--only <kind>', 'of what --run would run, only these').choices(Object.keys(KINDS)))
    .option(
      '--save',
      'also keep what drills and tests said in bench/results/, to be committed (of benches: pnpm bench --save)',
    )
    .option('--json', 'print the ledger as JSON; progress goes to standard error either way')
    .addHelpText('after', HELP)
    .action((ids: string[], flags: Flags) => act(root, ids, flags));
}

const HELP = `
Rows: C1 to C26 what the guide claims, T1 to T15 where it is wrong or silent, K1 to K20 its checklist.
States: holds · missed (the last run of a proof misses a goal, or failed) · not run (here) · UNPROVEN (nothing proves it).
A result is stale when the stage it was taken of, one before it, or core has changed since its commit.

Examples:
  pnpm claims             the whole ledger
  pnpm claims C9 C14      two rows, each proof with its command, date, machine and commit
  pnpm claims C9 --run    what proves C9 is run where it is stale: benches, drills, tests
  pnpm claims --run --only drills   of all rows, the drills that are stale

Results are those of bench/results (in the repository) and of .run/results (yours), the newest whole one of each.
Exit status: 0 shown, 1 bad input or, with --run, something could not be run, 130 Ctrl-C.`;

async function act(root: string, ids: string[], flags: Flags): Promise<void> {
  const { run = false, only, save = false, json = false } = flags;
  if (only !== undefined && !run) throw new BadInput('--only: goes with --run');
  const chosen = chosenRows(ids);
  const folders = foldersOf(root);
  const provers = await loadProvers(root);
  const look = () => ledgerOf(root, chosen, ledgerRows, provers, folders);
  if (run) await runStale(root, look(), provers, only && KINDS[only]);
  const entries = look();
  if (save) saveOutcomes(entries, folders);
  if (json) return void process.stdout.write(`${JSON.stringify({ rows: entries.map(asJson) }, null, 2)}\n`);
  const { stdout, env } = process;
  const color = stdout.isTTY === true && !env.NO_COLOR;
  const columns = Math.min(120, Math.max(60, stdout.columns ?? 100));
  stdout.write(renderLedger(entries, { color, columns, whole: ids.length > 0 }));
}

/** @throws {BadInput} Naming the rows there are. */
function chosenRows(ids: readonly string[]): readonly LedgerRow[] {
  if (ids.length === 0) return ledgerRows;
  return ids.map((id) => {
    const row = ledgerRows.find((known) => known.id === id.toUpperCase());
    if (!row) throw new BadInput(`no row ${id}; rows: C1 to C26, T1 to T15, K1 to K20`);
    return row;
  });
}

function foldersOf(root: string): ResultFolders {
  try {
    return resultFolders(root);
  } catch (error) {
    throw new BadInput((error as Error).message, { code: 'D90-NO-RESULTS' });
  }
}

async function runStale(
  root: string,
  entries: readonly LedgerEntry[],
  { stages }: Provers,
  only: Proof['kind'] | undefined,
): Promise<void> {
  const toRun = entries.flatMap(({ proofs }) =>
    proofs.filter(({ stale, kind }) => stale !== undefined && kind === (only ?? kind)),
  );
  const stale = new Map(toRun.map((proof) => [proof.name, proof]));
  // Stage by stage, so that what one of them needs is there for the next.
  const order = (name: string) => stages.findIndex((stage) => name.startsWith(`${stage.name}.`));
  const proofs = [...stale.values()].sort((a, b) => order(a.name) - order(b.name));
  if (proofs.length === 0) process.stderr.write('nothing is stale\n');
  const end = endSignals(() => 1);
  try {
    const failed = await runProofs(root, proofs, end.signal);
    if (failed.length === 0) return;
    process.stderr.write(`\ncould not be run, failed, or void: ${failed.join(', ')}\n`);
    process.exitCode = 1;
  } finally {
    end.release();
  }
}

function asJson({ row, state, proofs }: LedgerEntry): object {
  const { id, says, figure, holds } = row;
  const given = proofs.map(({ command, file: _, ...proof }) => ({ ...proof, command: ['pnpm', ...command] }));
  return { id, says, figure, holds, state, proofs: given };
}
