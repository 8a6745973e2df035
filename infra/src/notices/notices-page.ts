import { asText, countOf, faultForm } from '../sink-page/fault-form.ts';
import type { DeadMan } from './dead-man.ts';
import { type NoticeFault, noticeFaults } from './faults.ts';
import type { Notice, NoticeBook } from './notice-book.ts';

/** So many fit on a page that is still looked through. */
const SHOWN = 200;

const LIFE: Record<DeadMan['state'], string> = {
  waiting: 'waits for its first sign of life',
  alive: 'is alive',
  missing: '<mark>is missing</mark>: nothing watches any more',
};

/** The page of a webhook: what a channel shows, the newest first. HTML without a script. */
export function noticesPage({ notices, received, refused }: NoticeBook, deadMan: DeadMan, fault: NoticeFault): string {
  const shown = notices.slice(-SHOWN).reverse();
  const last = deadMan.last === undefined ? '' : `, last seen at ${clock(deadMan.last)}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>#alerts (${received})</title>
<link rel="stylesheet" href="/sink-page.css">
<h1>#alerts</h1>
<p>A channel that stands in for Slack's. It has got <b>${countOf(received, 'notice')}</b>, and did not take
<b>${refused[500] + refused.hang}</b>. The watchdog <b>${LIFE[deadMan.state]}</b>${last}.
<a href="/">Look again</a> · <a href="/notices.json">as JSON</a></p>
${faultForm<NoticeFault>(fault, noticeFaults)}
${shown.length === 0 ? '<p class="none">No notice yet: all is well, or nothing watches. The watchdog tells which.</p>' : list(shown)}
`;
}

function list(notices: readonly Notice[]): string {
  return `<ol class="channel" reversed start="${notices[0]?.number}">
${notices.map(item).join('\n')}
</ol>`;
}

function item({ at, title, text, link, color }: Notice): string {
  const kind = ['good', 'warning', 'danger'].includes(color) ? color : 'plain';
  const lines = text.split('\n').map((line) => asText(line));
  const head = /^https?:\/\//.test(link) ? `<a href="${asText(link)}">${asText(title)}</a>` : asText(title);
  return `<li class="${kind}"><h3>${head} <time datetime="${at}">${clock(at)}</time></h3>
<p>${lines.join('<br>')}</p>`;
}

function clock(at: string): string {
  return at.slice(11, 19);
}
