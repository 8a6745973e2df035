import { readFileSync } from 'node:fs';
import { type Child, html, type Markup, trusted } from './markup.ts';

const STYLE = ['report-colors.css', 'report.css', 'report-media.css']
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .join('');

/** What a page consists of. */
export interface Page {
  title: string;
  /** Above the title. */
  brand: string;
  /** Under it. */
  intro: Child;
  /** Where the link that skips the head leads, and what it says. */
  skip: { id: string; text: string };
  main: Child;
  footer: Child;
}

/** A page as one HTML file that needs nothing beside itself: no script, no request, light, dark and print in one. */
export function renderPage({ title, brand, intro, skip, main, footer }: Page): string {
  const page: Markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="${`#${skip.id}`}">${skip.text}</a>
<header>
<p class="brand">${brand}</p>
<h1>${title}</h1>
${intro}
</header>
<main id="${skip.id}">
${main}
</main>
<footer>${footer}</footer>
</body>
</html>
`;
  return page.text;
}
