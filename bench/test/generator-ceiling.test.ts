import { Guardian } from '@day90/infra';
import { describe, expect, it } from '@jest/globals';
import { generatorCeiling } from '../src/run/generator-ceiling.ts';

describe('generatorCeiling', () => {
  it('takes no run that would load the arms: what they can answer is no ceiling of k6', async () => {
    const guardian = new Guardian();
    const run = { k6: 'k6', script: 'load.ts', csv: 'k6.csv', guardian, signal: new AbortController().signal };
    const env = { BEFORE: 'http://127.0.0.1:3001', AFTER: 'http://127.0.0.1:3002' };
    await expect(generatorCeiling({ ...run, env }, env.AFTER)).rejects.toThrow(RangeError);
    guardian.bye();
  });
});
