import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

/** https://github.com/compose-spec/compose-go/blob/v2.16.2/schema/compose-spec.json (Apache License 2.0) */
const SCHEMA = JSON.parse(readFileSync(new URL('./compose-spec.json', import.meta.url), 'utf8'));

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
const validate = ajv.compile(SCHEMA);

/** What the specification of compose files has against a text, in one line; undefined for nothing. */
export function composeProblems(text: string): string | undefined {
  return validate(parse(text)) ? undefined : ajv.errorsText(validate.errors, { dataVar: '' });
}
