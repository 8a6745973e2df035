import { asText, countOf, faultForm } from '../sink-page/fault-form.ts';
import { type MailFault, mailFaults } from './faults.ts';
import type { MailBook, ReceivedMail } from './mail-book.ts';

/** So many fit on a page that is still looked through. */
const SHOWN = 200;

/** The page of a mail sink: the last mails, the newest first, and what the server does wrong. HTML without a script. */
export function mailPage({ mails, accepted, refused, duplicates, unanswered }: MailBook, fault: MailFault): string {
  const shown = mails.slice(-SHOWN).reverse();
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mails (${accepted})</title>
<link rel="stylesheet" href="/sink-page.css">
<h1>Mails</h1>
<p>A mail server that sends nothing on. It has accepted <b>${countOf(accepted, 'mail')}</b>, and refused
<b>${refused[451]}</b> for now and <b>${refused[550]}</b> for good. Of the last ${mails.length} mails
<b>${duplicates}</b> had come before, and of <b>${unanswered}</b> the sender was not told.
Bodies are not kept. <a href="/">Look again</a> · <a href="/mails.json">as JSON</a></p>
${faultForm(fault, mailFaults)}
${shown.length === 0 ? '<p class="none">No mail yet: sign up, and look again.</p>' : table(shown)}
`;
}

function table(mails: readonly ReceivedMail[]): string {
  return `<table>
<thead><tr><th>No.<th>To<th>Subject<th>Message-ID<th>Request<th>Accepted</thead>
<tbody>
${mails.map(row).join('\n')}
</tbody>
</table>`;
}

function row({ number, at, to, subject, messageId, requestId, copy, answered }: ReceivedMail): string {
  const marks = [...(copy > 1 ? [`duplicate, ${ordinal(copy)} copy`] : []), ...(answered ? [] : ['sender not told'])];
  const marked = marks.map((mark) => ` <mark>${mark}</mark>`).join('');
  const cells = [
    ['No.', String(number)],
    ['To', asText(to.join(', '))],
    ['Subject', asText(subject)],
    ['Message-ID', `<code>${asText(messageId)}</code>${marked}`],
    ['Request', `<code>${asText(requestId)}</code>`],
    ['Accepted', `<time datetime="${at}">${at.slice(11, 19)}</time>`],
  ];
  return `<tr>${cells.map(([label, cell]) => `<td data-label="${label}">${cell}`).join('')}`;
}

function ordinal(n: number): string {
  const last = n % 100;
  const ending = last > 10 && last < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
