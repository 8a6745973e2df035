import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Any content with the hash by which {@link parseSealed} sees a change by hand. */
export function sealed<T extends object>(content: T): T & { sha256: string } {
  return { ...content, sha256: hash(content) };
}

/**
 * Reads a file that was sealed.
 * @param schema - What it must be: the schema's number, its shape, and what such a file is called.
 * @throws {Error} As {@link parseResult}.
 */
export function parseSealed<T extends { sha256: string }>(
  text: string,
  name: string,
  { number, shape, what }: { number: number; shape: z.ZodType<T>; what: string },
): T {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new Error(`${name} is not ${what}: no valid JSON (cut off?)`);
  }
  const numbered = z.object({ schema: z.number() }).safeParse(raw);
  if (!numbered.success) throw new Error(`${name} is not ${what}: it has no schema number`);
  if (numbered.data.schema !== number) {
    throw new Error(`${name} has schema ${numbered.data.schema}, this version reads ${number}`);
  }
  const parsed = shape.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${name} is not ${what}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { sha256, ...rest } = parsed.data;
  if (hash(rest) !== sha256) throw new Error(`${name} was changed by hand: its content does not fit its sha256`);
  return parsed.data;
}

function hash(content: object): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(content)))
    .digest('hex');
}

/** The same data with its keys in order, so that the hash does not depend on how the object was built. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
