import { ROOT } from '../../src/root.ts';
import { stageResults } from '../../src/stage-results.ts';

export default {
  watch: ['../../../bench/results/**/stage-*.json', '../../../.run/results/stage-*.json'],
  load: () => stageResults(ROOT),
};

export declare const data: ReturnType<typeof stageResults>;
