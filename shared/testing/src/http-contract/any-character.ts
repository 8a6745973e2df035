import fc from 'fast-check';

const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * Any character there is. fast-check has the same as `unit: 'binary'`, which lists all 1.1 million of them in a table to see
 * which of its dangerous strings (`__proto__` and the like) can be spelt: a second or two in each file of tests.
 */
export const anyCharacter = fc
  .nat({ max: 0x10ffff - SURROGATES.count })
  .map((n) => String.fromCodePoint(n < SURROGATES.first ? n : n + SURROGATES.count), numberOf);

/** @throws {Error} For a text of several characters: so fast-check learns that it is none. */
function numberOf(text: unknown): number {
  const characters = [...(text as string)];
  if (characters.length !== 1) throw new Error(`${characters.length} characters are not one.`);
  const code = characters[0]?.codePointAt(0) ?? 0;
  return code < SURROGATES.first ? code : code - SURROGATES.count;
}
