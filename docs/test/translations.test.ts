import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textHash, translations, untranslated } from '../src/translations.ts';

let root: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const FIGURE = (text: string) => `# Words\n\n<!-- figure stage-1.feed ratio -->${text}<!-- /figure --> faster\n`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'day90-docs-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a translation', () => {
  it('stays in step when only figures of the English text change', () => {
    expect(textHash(FIGURE('2.9×'))).toBe(textHash(FIGURE('3.1×')));
  });

  it('is older than its English text when a word changes', () => {
    write('docs/words.md', FIGURE('2.9×'));
    write('docs/ko/words.md', `---\ntranslates: docs/words.md\nof: ${textHash(FIGURE('2.9×'))}\n---\n# 용어\n`);
    expect(translations(root).map(({ of, now }) => of === now)).toEqual([true]);

    write('docs/words.md', FIGURE('2.9×').replace('faster', 'quicker'));
    expect(translations(root).map(({ of, now }) => of === now)).toEqual([false]);
  });

  it('may say in a comment what it translates', () => {
    write('README.md', '# Day90\n');
    write('README.ko.md', `<!--\ntranslates: README.md\nof: ${textHash('# Day90\n')}\n-->\n# Day90\n`);
    expect(translations(root)).toMatchObject([{ english: 'README.md', of: textHash('# Day90\n') }]);
  });

  it.each([
    ['# 용어\n', 'docs/ko/words.md: its first lines name no English file'],
    ['---\ntranslates: docs/gone.md\n---\n', 'docs/ko/words.md: translates docs/gone.md, which is not there'],
  ])('that names no English text is refused: %j', (text, message) => {
    write('docs/ko/words.md', text);
    expect(() => translations(root)).toThrow(message);
  });

  it('is missed for every English page but those that are English on purpose', () => {
    write('docs/words.md', '# Words\n');
    write('docs/method.md', '# Method\n');
    write('docs/ko/method.md', '---\ntranslates: docs/method.md\n---\n# 방법\n');
    write('docs/runbooks/Failover.md', '# Failover\n');
    expect(untranslated(root)).toEqual(['docs/words.md']);
  });
});
