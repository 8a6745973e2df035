import { ROOT } from '../../src/root.ts';
import { type ShownExercises, shownExercises } from '../../src/shown-exercises.ts';

export default {
  watch: ['../../../stages/*/learn/index.ts', '../../../bench/results/**/stage-*.json'],
  load: () => shownExercises(ROOT),
};

export declare const data: ShownExercises[];
