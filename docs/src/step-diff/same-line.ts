/**
 * A line as it counts when two stages are compared. What every stage has of its own anyway is the same in all: its name, and the
 * thousands of its ports (3002 and 12001 at stage 2 are 3003 and 13001 at stage 3). So is how far a line stands to the right, and by
 * which way a path leads to a file of an earlier stage.
 * @param stage - The number of the stage that the line is from.
 */
export function asInAnyStage(text: string, stage: number): string {
  return text
    .trim()
    .replaceAll(`'stage-${stage}'`, "'stage-N'")
    .replace(/\.\.\/day\d+-[a-z]+\//g, '')
    .replace(/\b(1|300)(\d)(\d{3})?\b/g, (port, head: string, own: string, rest = '') =>
      Number(own) === stage && (head === '300') !== (rest !== '') ? `${head}N${rest}` : port,
    );
}
