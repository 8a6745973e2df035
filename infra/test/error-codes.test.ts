import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { BadInput } from '../src/bad-input.ts';
import { errorCodes } from '../src/error-codes.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const codes = Object.keys(errorCodes);

/** Of all code that can throw or print one. */
function sources(): string {
  const files = globSync(['infra/src/**/*.ts', 'bench/src/**/*.ts', 'stages/*/src/**/*.ts', 'scripts/**/*.ts'], {
    cwd: ROOT,
    exclude: (name) => name.endsWith('error-codes.ts') || name.endsWith('node_modules'),
  });
  return files.map((file) => readFileSync(`${ROOT}${file}`, 'utf8')).join('\n');
}

describe('the codes of errors', () => {
  it('has each of them, and no other, as a heading of the troubleshooting page', () => {
    const page = readFileSync(`${ROOT}docs/troubleshooting.md`, 'utf8');
    const headings = page.split('\n').filter((line) => line.startsWith('#') && line.includes('D90-'));
    expect(headings.map((line) => line.replace(/^#+\s+/, '')).sort()).toEqual([...codes].sort());
  });

  it('has an error for each of them', () => {
    const code = sources();
    expect(codes.filter((one) => !code.includes(`'${one}'`))).toEqual([]);
  });

  it('keeps the code of what an error is about, and is about input else', () => {
    const taken = new BadInput('port 3001 is taken', { code: 'D90-PORT-TAKEN' });
    expect(new BadInput('could not scale', { cause: taken }).code).toBe('D90-PORT-TAKEN');
    expect(new BadInput('no stage stage-9').code).toBe('D90-INPUT');
  });
});
