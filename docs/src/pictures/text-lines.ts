/** Mean width of a letter of the notes, in units of the picture; a little more than it is in most fonts. */
const LETTER = 6.2;

/** A text in lines that fit into a width: SVG breaks none itself. */
export function textLines(text: string, width: number): string[] {
  const longest = Math.floor(width / LETTER);
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length <= longest) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}
