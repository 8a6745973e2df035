import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { builtPages, deadLinks, largePages } from '../src/built-site.ts';
import { markersLeftOut } from '../src/markers-left-out.ts';

describe('a built site', () => {
  it('has the pages that its links name, and the places on them', () => {
    const pages = [
      {
        address: '/',
        html: '<a href="/words#port">a</a><a class="x" href="/gone">b</a><a href="https://example.org/x">c</a>',
      },
      { address: '/words', html: '<h2 id="port">Port</h2><a href="#porch">d</a><a href="./">e</a>' },
    ];
    expect(deadLinks(pages)).toEqual(['/: no page /gone', '/words: /words has no #porch']);
  });

  it('counts the scripts and styles that a page loads, as servers send them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'day90-site-'));
    try {
      mkdirSync(join(folder, 'stages'));
      writeFileSync(join(folder, 'noise.js'), Array.from({ length: 200_000 }, () => Math.random()).join());
      writeFileSync(join(folder, 'index.html'), '<h1>small</h1>');
      writeFileSync(join(folder, 'stages/stage-2.html'), '<script type="module" src="/noise.js"></script>');
      const pages = builtPages(folder);
      expect(pages.map(({ address }) => address)).toEqual(['/', '/stages/stage-2']);
      expect(largePages(folder, pages)).toEqual([expect.stringMatching(/^\/stages\/stage-2: \d+ kB of 300$/)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the comments around figures', () => {
  it('are left out of a text, but where code shows them', () => {
    const text =
      '<!-- figure stage-1.feed ratio -->2.9×<!-- /figure --> `<!-- given -->` <!-- given -->5 ms<!-- /given -->';
    expect(markersLeftOut(text)).toBe('2.9× `<!-- given -->` 5 ms');
  });
});
