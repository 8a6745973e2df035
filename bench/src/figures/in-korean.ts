/**
 * What a figure says in words, in Korean; the longer before what it contains. Names of rows are those that tables in the Korean
 * documents show.
 */
const PHRASES: [english: string, korean: string][] = [
  ['|  | before | after | ratio, 95 % interval | goal |', '|  | 변경 전 | 변경 후 | 비율, 95 % 신뢰 구간 | 목표 |'],
  ['CPU for a request, bare against the app as shipped', '요청당 CPU, 맨 서버 대 출하한 그대로의 앱'],
  ['bare against + Express', '맨 서버 대 + Express'],
  ['bare against + the repository and the answer with its ETag', '맨 서버 대 + 리포지터리, ETag가 붙은 응답'],
  [
    'bare against + the cache as the app has it, and the answer with its ETag',
    '맨 서버 대 + 앱에 있는 그대로의 캐시, ETag가 붙은 응답',
  ],
  ['bare against + context, request id, Server-Timing', '맨 서버 대 + 컨텍스트, 요청 id, Server-Timing'],
  ['bare against + security headers', '맨 서버 대 + 보안 헤더'],
  ['bare against + access log', '맨 서버 대 + 접근 로그'],
  ['response time, p50 per block', '응답 시간, 블록별 p50'],
  ['time in the app, p50 per block', '앱에서 쓴 시간, 블록별 p50'],
  ['CPU of all boxes for a request', '요청당 모든 박스의 CPU'],
  ['no difference shown', '차이가 드러나지 않음'],
  ['equivalent', '동등'],
  ['faster', '빠름'],
  ['slower', '느림'],
  ['exact', '정확'],
  [' met', ' 달성'],
  [' missed', ' 미달'],
];

const CORES = /\b(\d+) cores of ([^,]+)/;
const SHARE = /^([\d,]+) of ([\d,]+)$/;

/** Whether a document is a Korean one: a page of the site, or a README. */
export function isKorean(path: string): boolean {
  return path.startsWith('docs/ko/') || path.endsWith('.ko.md');
}

/** The text of a figure as a Korean document has it. Numbers and units stay as they are. */
export function inKorean(text: string): string {
  const said = PHRASES.reduce((sofar, [english, korean]) => sofar.replaceAll(english, korean), text);
  return said.replace(CORES, '$2 코어 $1개').replace(SHARE, '$2개 가운데 $1개');
}
