import { describe, expect, it } from '@jest/globals';
import { LagLedger } from '../src/lag.ts';

/** A primary that was seen at a place of its own each 100 ms. */
function ledgerOf(positions: string[]): LagLedger {
  const ledger = new LagLedger(1000);
  for (const [i, position] of positions.entries()) ledger.note(position, i * 100);
  return ledger;
}

describe('LagLedger', () => {
  it('takes a copy for as old as the oldest place of the primary that it has not reached', () => {
    const ledger = ledgerOf(['1', '2', '3', '4']);
    expect(['4', '3', '2', '1', '0'].map((position) => ledger.of(position))).toEqual([0, 0, 100, 200, 300]);
  });

  it('takes a copy that has all there is for fresh, however long nothing was written', () => {
    expect(ledgerOf(['1', '1', '1', '1']).of('1')).toBe(0);
  });

  it('sees a copy that is cut off fall behind, though it knows of nothing that it lacks', () => {
    const ledger = ledgerOf(['1', '2']);
    expect(ledger.of('1')).toBe(0);
    ledger.note('2', 900);
    expect(ledger.of('1')).toBe(800);
  });

  it('lets nobody get older while there is no primary', () => {
    const ledger = ledgerOf(['1', '2', '3']);
    expect(ledger.of('1')).toBe(100);
  });

  it('keeps no more than it needs to tell who is far too old', () => {
    const ledger = ledgerOf(Array.from({ length: 1000 }, (_, i) => String(i).padStart(4, '0')));
    expect(ledger.of('0000')).toBeGreaterThanOrEqual(10_000);
    expect(ledger.of('0998')).toBe(0);
    expect(ledger.of('0900')).toBe(9_800);
  });
});
