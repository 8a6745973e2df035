import { describe, expect, it } from '@jest/globals';
import { parseResult, RESULT_SCHEMA, sealResult } from '../src/result.ts';
import { sampleResult } from './sample-result.ts';

const text = JSON.stringify(sampleResult(), null, 2);

describe('parseResult', () => {
  it('gives back what was sealed', () => {
    expect(parseResult(text, 'a.json')).toEqual(sampleResult());
  });

  it('does not mind the order of the keys or the spaces', () => {
    const reversed = Object.fromEntries(Object.entries(sampleResult()).reverse());
    expect(parseResult(JSON.stringify(reversed), 'a.json')).toEqual(sampleResult());
  });

  it.each([
    ['a figure changed by hand', text.replace('"offered": 9000', '"offered": 9001'), /^a\.json was changed by hand/],
    ['a file cut off', text.slice(0, text.length / 2), /^a\.json is not a result file: no valid JSON \(cut off\?\)$/],
    ['an empty file', '', /no valid JSON/],
    ['other JSON', '{"name":"x"}', /it has no schema number/],
    ['a list', '[]', /it has no schema number/],
    ['a newer schema', text.replace('"schema": 1', '"schema": 2'), /has schema 2, this version reads 1/],
    ['a missing part', JSON.stringify({ schema: RESULT_SCHEMA, stage: 'x' }), /is not a result file: claim: /],
    [
      'an unknown verdict',
      text.replace('"verdict": "faster"', '"verdict": "best"'),
      /is not a result file: .*verdict: /,
    ],
    ['an unknown key', text.replace('"stage"', '"stages": 1, "stage"'), /is not a result file/],
  ])('refuses %s in one line that names the file', (_name, content, message) => {
    expect(() => parseResult(content, 'a.json')).toThrow(message);
    try {
      parseResult(content, 'a.json');
    } catch (error) {
      expect((error as Error).message).not.toContain('\n');
    }
  });
});

describe('sealResult', () => {
  it('gives different content another hash', () => {
    const { sha256, ...body } = sampleResult();
    expect(sealResult(body).sha256).toBe(sha256);
    expect(sealResult({ ...body, claim: 'other' }).sha256).not.toBe(sha256);
  });
});
