import { checklist } from './checklist.ts';
import { guideClaims } from './guide-claims.ts';
import type { LedgerRow } from './ledger-row.ts';
import { traps } from './traps.ts';

/** All rows, in the order in which they are counted. */
export const ledgerRows: readonly LedgerRow[] = [...guideClaims, ...traps, ...checklist];
