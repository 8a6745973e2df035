/** Headers end long before this; the rest of a mail is read and dropped. */
const HEADER_BYTES = 64 * 1024;

/** Reads a whole mail. @returns Its headers by name, any case; empty for one that it has not. */
export async function readHeaders(stream: AsyncIterable<unknown>): Promise<(name: string) => string> {
  let kept = '';
  for await (const chunk of stream) {
    if (kept.length < HEADER_BYTES) kept += String(chunk);
  }
  const headers = kept.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const unfolded = headers.replace(/\r?\n[ \t]+/g, ' '); // RFC 5322, 2.2.3
  return (name) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(unfolded)?.[1]?.trim() ?? '';
}
