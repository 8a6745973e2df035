import { expect, it } from '@jest/globals';
import { BALANCES, choices, describeBalanced } from './balanced-stage.ts';

// What a start has unless told; the rest of them is in app-balance.test.ts.
describeBalanced('least-conn');

it('each balance that the topology offers is held to the contract', () => {
  expect(Object.keys(choices ?? {})).toEqual(BALANCES);
});
