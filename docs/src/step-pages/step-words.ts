/** What a step's page says of itself, beside its text. */
export interface StepWords {
  isNew: string;
  line: (number: number) => string;
  lines: (count: number) => string;
  imports: (modules: number) => string;
  newDependencies: string;
  rest: string;
  restHint: string;
  stage: (number: number) => string;
  step: (number: number) => string;
  unified: string;
  sideBySide: string;
  view: string;
  previousHunk: string;
  nextHunk: string;
  failed: string;
}

export const stepWords: Record<'en' | 'ko', StepWords> = {
  en: {
    isNew: 'new',
    line: (number) => `line ${number}`,
    lines: (count) => `${count} lines`,
    imports: (modules) => `imports from ${modules} ${modules === 1 ? 'module' : 'modules'}`,
    newDependencies: 'New dependencies:',
    rest: 'The rest of the step',
    restHint: 'In the order in which it is read best; open what you want to see.',
    stage: (number) => `Stage ${number}`,
    step: (number) => `Step ${number}`,
    unified: 'Unified',
    sideBySide: 'Side by side',
    view: 'How changes are shown',
    previousHunk: 'Previous hunk',
    nextHunk: 'Next hunk',
    failed: 'It could not be loaded. In a checkout, this shows it:',
  },
  ko: {
    isNew: '새 파일',
    line: (number) => `${number}행`,
    lines: (count) => `${count}행`,
    imports: (modules) => `모듈 ${modules}개에서 import`,
    newDependencies: '새 의존성:',
    rest: '이 단계의 나머지',
    restHint: '읽기 좋은 순서대로 나열했습니다. 보고 싶은 파일을 펼치세요.',
    stage: (number) => `스테이지 ${number}`,
    step: (number) => `${number}단계`,
    unified: '통합 보기',
    sideBySide: '나란히 보기',
    view: '변경 표시 방식',
    previousHunk: '이전 hunk',
    nextHunk: '다음 hunk',
    failed: '불러오지 못했습니다. 저장소에서는 다음 명령으로 볼 수 있습니다:',
  },
};
