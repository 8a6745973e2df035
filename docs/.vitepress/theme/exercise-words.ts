import { useData } from 'vitepress';
import { computed } from 'vue';

const EN = {
  predict: 'Predict',
  yourNumber: 'Your number:',
  compare: 'Compare',
  youSaid: 'You said',
  measured: 'measured:',
  again: 'Again',
  break: 'Break',
  noticedBy: 'Noticed by',
  theLine: 'The line to change',
  why: 'Why it matters',
  extend: 'Extend',
  checkedBy: 'Checked by',
  hints: 'Hints',
  afterwards: 'Once it is there',
};

const KO: typeof EN = {
  predict: '예측',
  yourNumber: '예측값:',
  compare: '비교하기',
  youSaid: '예측',
  measured: '측정값:',
  again: '다시',
  break: '깨뜨리기',
  noticedBy: '알아차리는 테스트:',
  theLine: '바꿀 줄',
  why: '왜 중요한가',
  extend: '확장',
  checkedBy: '확인하는 검사:',
  hints: '힌트',
  afterwards: '다 했다면',
};

/** What stands around the exercises, in the reader's language. */
export function useExerciseWords() {
  const { lang } = useData();
  return computed(() => (lang.value === 'ko' ? KO : EN));
}
