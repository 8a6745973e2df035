import { expect, it } from '@jest/globals';
import { BALANCES, choices, describeBalanced } from './balanced-stage.ts';

// The rest of them is in app-balance.test.ts, so that two cores share the work.
describeBalanced('least-conn');
describeBalanced('round-robin');

it('each balance that the topology offers is held to the contract', () => {
  expect(Object.keys(choices ?? {})).toEqual(BALANCES);
});
