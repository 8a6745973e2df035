import { readFileSync } from 'node:fs';
import { formatEstimate, formatInterval, formatNumber, formatRatio } from '../report/format.ts';
import { logAxis } from '../report/log-axis.ts';
import { html, type Markup } from '../report/markup.ts';
import type { Result } from '../result.ts';
import type { Results } from './reference-results.ts';

type Language = 'en' | 'ko';

/** A step in the picture: what of which result it shows. */
interface Step {
  day: number;
  /** Whose change it is. */
  of: Record<Language, string>;
  result: string;
}

const STEPS: readonly Step[] = [
  { day: 1, result: 'stage-1.feed', of: { en: 'the feed, database time', ko: '피드, 데이터베이스 시간' } },
  {
    day: 15,
    result: 'stage-2.popular',
    of: { en: 'the popular page, response time', ko: '인기 글 페이지, 응답 시간' },
  },
  { day: 30, result: 'stage-3.scale-out', of: { en: 'three boxes, capacity', ko: '박스 셋, 처리 용량' } },
  { day: 45, result: 'stage-4.reads', of: { en: 'three databases, capacity', ko: '데이터베이스 셋, 처리 용량' } },
  {
    ...{ day: 60, result: 'stage-5.distance' },
    of: { en: 'a page in Los Angeles, response time', ko: '로스앤젤레스에서 보는 페이지, 응답 시간' },
  },
  { day: 75, result: 'stage-6.signup', of: { en: 'signing up, response time', ko: '가입, 응답 시간' } },
  {
    ...{ day: 90, result: 'stage-7.all-together' },
    of: { en: 'all of it against day 1, capacity', ko: '전부를 1일차와 견준 처리 용량' },
  },
];

const DAY: Record<Language, (day: number) => string> = { en: (day) => `day ${day}`, ko: (day) => `${day}일차` };
const TITLE: Record<Language, string> = {
  en: 'Each step against the one before it',
  ko: '단계마다 바로 앞 단계와 견준 결과',
};
const LEGEND: Record<Language, string> = {
  en: 'Above 1 is in favour of the step; in brackets the 95 % interval.',
  ko: '1보다 크면 그 단계가 낫습니다. 대괄호 안은 95 % 신뢰 구간입니다.',
};

/** Alone, the picture is dark where the reader's system is; the site has both sheets, and a switch of its own. */
const STYLE = `${sheet('ladder.css')}
@media (prefers-color-scheme: dark) {
${sheet('ladder-dark.css').replace('.dark .ladder', '.ladder')}
}`;

const ROW_HEIGHT = 54;
const TOP = 34;
const LEFT = 16;
/** What the longest bar leaves for its figure. */
const FIGURE_WIDTH = 130;

/** How a picture is drawn. */
interface Form {
  language: Language;
  width: number;
}

/** Where the pictures lie, from the root. Letters must not shrink on a phone, which gets one of its own. */
export const ladderPictures: Record<string, Form> = {
  'docs/pictures/ladder.svg': { language: 'en', width: 800 },
  'docs/pictures/ladder-narrow.svg': { language: 'en', width: 390 },
  'docs/pictures/ladder-ko.svg': { language: 'ko', width: 800 },
  'docs/pictures/ladder-ko-narrow.svg': { language: 'ko', width: 390 },
};

/**
 * What each step gives, as measured: a bar a step on a logarithmic axis, with its figure.
 * @throws {Error} For a result that is missing.
 */
export function ladderPicture(results: Results, { language, width }: Form): string {
  const rows = STEPS.map((step) => ({
    title: { day: DAY[language](step.day), of: step.of[language] },
    result: results(step.result),
  }));
  const axis = logAxis([1, ...rows.map(({ result }) => result.estimate)], (value) => `${formatNumber(value)}×`, 3);
  const room = width - LEFT - FIGURE_WIDTH;
  const at = (ratio: number) => LEFT + ((axis.at(ratio) - axis.at(1)) / (axis.max - axis.at(1))) * room;
  const height = TOP + STEPS.length * ROW_HEIGHT + 8;
  const ticks = axis.ticks.map((tick) => gridLine(at(10 ** tick), axis.label(tick), height));
  const drawn = rows.map((row, index) => rowOf(row, TOP + index * ROW_HEIGHT, at));
  const about = rows.map(({ title, result }) => `${title.day}: ${title.of} ${formatEstimate(result)}`).join('; ');
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="ladder" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${TITLE[language]}">
<title>${TITLE[language]}</title>
<desc>${about}. ${LEGEND[language]}</desc>
<style>${STYLE}</style>
${ticks}${drawn}</svg>
`.text;
}

function gridLine(x: number, label: string, height: number): Markup {
  return html`<line class="grid" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${TOP - 8}" y2="${height}"/>
<text class="quiet" x="${x.toFixed(1)}" y="${TOP - 14}" text-anchor="middle">${label}</text>
`;
}

interface Row {
  title: { day: string; of: string };
  result: Result;
}

/** A line of words, and under it the bar with its figure at its end. */
function rowOf({ title, result }: Row, y: number, at: (ratio: number) => number): Markup {
  const end = at(result.estimate);
  return html`<text x="${LEFT}" y="${y + 16}"><tspan class="day">${title.day}</tspan> ${title.of}</text>
<rect class="bar" x="${LEFT}" y="${y + 24}" width="${(end - LEFT).toFixed(1)}" height="14" rx="2"/>
<text x="${(end + 8).toFixed(1)}" y="${y + 36}"><tspan class="figure">${formatRatio(result)}</tspan> <tspan class="quiet">${formatInterval(result)}</tspan></text>
`;
}

function sheet(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8').trim();
}
