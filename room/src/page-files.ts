import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PAGE = new URL('../page/', import.meta.url);

/** What the page is made of, each by its path. */
export type PageFiles = Record<string, { type: string; body: string }>;

/**
 * Makes the page: one script with all it needs, in memory, so that there is no build to forget.
 * @param token - What the page's own writes bear.
 */
export async function pageFiles(token: string, instance: string): Promise<PageFiles> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('main.tsx', PAGE))],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022' },
    ...{ jsx: 'automatic', jsxImportSource: 'preact' },
  });
  return {
    '/': { type: 'text/html', body: html(token, instance) },
    '/room.css': { type: 'text/css', body: readFileSync(new URL('room.css', PAGE), 'utf8') },
    '/room.js': { type: 'text/javascript', body: outputFiles[0]?.text ?? '' },
  };
}

/** A name of an instance and a token hold nothing that HTML would read. */
function html(token: string, instance: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="room-token" content="${token}">
<title>${instance}: the control room</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/room.css">
<body><main id="room"><h1>${instance}</h1><p>Looking …</p><noscript><p>The room draws with a script of its own.</p></noscript></main>
<script type="module" src="/room.js"></script>
`;
}
