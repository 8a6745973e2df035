import { useData } from 'vitepress';
import { computed } from 'vue';

const EN = {
  results: 'The results, in one table',
  resultsAlone:
    'Before ÷ after with a 95 % interval, from the result files of the repository. With results of yours, this table shows both:',
  resultsCompared:
    'Before ÷ after with a 95 % interval: ours, from the repository, and yours, from this checkout. Anew by',
  claim: 'what',
  before: 'before',
  after: 'after',
  ratio: 'ratio',
  oursRatio: 'ours',
  yoursRatio: 'yours',
  goal: 'goal',
  met: 'met',
  missed: 'missed',
  notMeasured: 'not measured',
  ours: 'Ours',
  yours: 'Yours',
  asDiff: 'This step as a diff, with the text beside it',
  toResults: 'The results in one table',
  toStage: 'The stage’s page',
  predict: 'Predict',
  yourNumber: 'Your number:',
  say: 'Say it',
  again: 'Once more',
  youSaid: 'You said',
  measured: 'Measured:',
  break: 'Break',
  theLine: 'The line, and why',
  noticedBy: 'Noticed by the test',
  extend: 'Extend',
  hints: 'Hints',
  afterwards: 'Once the check passes',
};

const KO: typeof EN = {
  results: '한눈에 보는 측정 결과',
  resultsAlone:
    '저장소의 결과 파일에서 가져온 변경 전 ÷ 변경 후와 95 % 신뢰 구간입니다. 직접 측정하면 이 표에 두 결과가 나란히 나옵니다:',
  resultsCompared:
    '변경 전 ÷ 변경 후와 95 % 신뢰 구간입니다. 저장소의 결과와 이 체크아웃에서 측정한 결과를 나란히 보여 줍니다. 다시 측정하려면:',
  claim: '항목',
  before: '변경 전',
  after: '변경 후',
  ratio: '비율',
  oursRatio: '저장소',
  yoursRatio: '내 결과',
  goal: '목표',
  met: '달성',
  missed: '미달',
  notMeasured: '측정 안 함',
  ours: '저장소',
  yours: '내 결과',
  asDiff: '이 단계의 diff를 설명과 함께 보기',
  toResults: '측정 결과 표',
  toStage: '스테이지 페이지로',
  predict: '예측하기',
  yourNumber: '예상하는 값:',
  say: '확인',
  again: '다시 하기',
  youSaid: '예상:',
  measured: '측정값:',
  break: '망가뜨리기',
  theLine: '바꿀 줄과 그 이유',
  noticedBy: '알아채는 테스트:',
  extend: '넓히기',
  hints: '힌트',
  afterwards: '검사를 통과한 다음',
};

/** What the site's own parts say, in the reader's language. */
export function useWords() {
  const { lang } = useData();
  return computed(() => (lang.value === 'ko' ? KO : EN));
}
