import pc from 'picocolors';
import { wrap } from '../report/table.ts';
import type { LedgerEntry, LedgerProof, RowState } from './ledger.ts';

/** How the table is to look. */
export interface LedgerLook {
  color: boolean;
  /** Width of the terminal; reads well from 80 on. */
  columns: number;
  /** Every proof with its command, machine and commit, as for a few rows, and not the outcome alone. */
  whole: boolean;
}

type Paint = ReturnType<typeof pc.createColors>;
type Colour = 'green' | 'yellow' | 'red' | 'dim';

const STATES: Record<RowState, [text: string, colour: Colour]> = {
  holds: ['holds', 'green'],
  missed: ['missed', 'yellow'],
  'not-run': ['not run', 'dim'],
  unproven: ['UNPROVEN', 'red'],
};
const ID = 5;
const STATE = 10;

/** The ledger as text for a terminal: a row for each sentence, below it what proves it. */
export function renderLedger(entries: readonly LedgerEntry[], look: LedgerLook): string {
  const paint = pc.createColors(look.color);
  const lines = entries.flatMap((entry) => [...rowLines(entry, look, paint), '']);
  return `${[...lines, ...summary(entries)].map((line) => line.trimEnd()).join('\n')}\n`;
}

function rowLines({ row, state, proofs }: LedgerEntry, look: LedgerLook, paint: Paint): string[] {
  const { id, says, figure, holds, as = [] } = row;
  const shown = look.whole ? proofs : proofs.filter(({ of }) => of === undefined);
  const indent = ' '.repeat(ID + STATE);
  const text = (line: string, first = indent) => wrapped(line, look.columns, first, indent);
  const [word, colour] = STATES[state];
  const head = `${id.padEnd(ID)}${paint[colour](word.padEnd(STATE))}`;
  return [
    ...wrap(says, look.columns - ID - STATE).map((line, i) => `${i === 0 ? head : indent}${paint.bold(line)}`),
    ...(figure === undefined ? [] : text(`The guide: ${figure}`).map(paint.dim)),
    ...shown.flatMap((proof) => proofLines(proof, look, paint, indent)),
    ...(shown.length < proofs.length ? text(`Proved as ${as.join(', ')} is.`) : []),
    ...(holds === undefined ? [] : text(holds)),
    ...(proofs.length === 0 ? text('Nothing here proves it.').map(paint.red) : []),
  ];
}

function proofLines(proof: LedgerProof, look: LedgerLook, paint: Paint, indent: string): string[] {
  const { outcome, stale, command, kind, title } = proof;
  const name = kind === 'test' && !look.whole ? `test "${title}"` : proof.name;
  const short = !look.whole && outcome && stale ? ' (stale)' : '';
  const says = outcome ? `${outcome.says}${short}` : 'not run here';
  const colour = outcome?.state === 'holds' ? 'green' : outcome ? 'yellow' : 'dim';
  const first = wrapped(`${name}: ${says}`, look.columns, `${indent}- `, `${indent}  `).map(paint[colour]);
  if (!look.whole) return first;
  return [
    ...first,
    ...[`pnpm ${command.map(quoted).join(' ')}`, origin(proof)].map((l) => paint.dim(`${indent}  ${l}`)),
  ];
}

function origin({ outcome, stale }: LedgerProof): string {
  if (!outcome?.takenAt) return stale ?? '';
  const { takenAt, machine, commit = '', dirty, committed } = outcome;
  return [
    takenAt.slice(0, 10),
    machine,
    `commit ${commit.slice(0, 12)}${dirty ? ' with changes' : ''}`,
    ...(committed ? ['in the repository'] : []),
    ...(stale ? [`stale: ${stale}`] : []),
  ].join(', ');
}

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function wrapped(line: string, columns: number, first: string, indent: string): string[] {
  return wrap(line, columns - indent.length).map((text, i) => `${i === 0 ? first : indent}${text}`);
}

/** Every count in words, and what to do about what was not run. */
function summary(entries: readonly LedgerEntry[]): string[] {
  const count = (state: RowState) => entries.filter((entry) => entry.state === state).length;
  const parts = [
    `${entries.length} ${entries.length === 1 ? 'row' : 'rows'}: ${count('holds')} hold`,
    `${count('missed')} miss a goal`,
    `${count('not-run')} not run here`,
    `${count('unproven')} unproven`,
  ];
  const stale = new Set(entries.flatMap(({ proofs }) => proofs.filter((p) => p.stale).map(({ name }) => name)));
  const advice = stale.size > 0 ? [`${stale.size} proofs are stale or were never run here: --run runs them.`] : [];
  return [`${parts.join(', ')}.`, ...advice];
}
