import { lineAt } from '@day90/bench/documents';

/** How far a command in a document is checked; written behind the language of its block: `sh parse`. */
export const TAGS = ['run', 'parse', 'shown'] as const;
type Tag = (typeof TAGS)[number];

/** A command that a document tells its reader to run. */
export interface DocumentedCommand {
  line: number;
  tag: Tag;
  /** One line for a shell, with whatever comment stands behind it. */
  text: string;
}

/** A block of commands whose tag is missing or unknown. */
interface UntaggedBlock {
  line: number;
  info: string;
}

const BLOCK = /^([ \t]*)```((?:sh|bash|shell|console|zsh)\b[^\n]*)\n([\s\S]*?)^\1```/gm;
const SPAN = /`((?:npx -y )?pnpm [^`\n]+)`/g;

/** The commands of a Markdown document: those in blocks by their tag, and every pnpm command within a line, which is parsed. */
export function documentedCommands(text: string): { commands: DocumentedCommand[]; untagged: UntaggedBlock[] } {
  const commands: DocumentedCommand[] = [];
  const untagged: UntaggedBlock[] = [];
  for (const block of text.matchAll(BLOCK)) {
    const [, , info = '', body = ''] = block;
    const line = lineAt(text, block.index);
    const tag = TAGS.find((known) => info === `sh ${known}`);
    if (tag) commands.push(...linesOf(body, line + 1).map((one) => ({ ...one, tag })));
    else untagged.push({ line, info });
  }
  return { commands: [...commands, ...spans(text)].sort((a, b) => a.line - b.line), untagged };
}

/** The commands of a block; a line that ends with a backslash goes on in the next one. */
function linesOf(body: string, first: number): Omit<DocumentedCommand, 'tag'>[] {
  const commands: Omit<DocumentedCommand, 'tag'>[] = [];
  let begun: Omit<DocumentedCommand, 'tag'> | undefined;
  for (const [index, text] of body.split('\n').entries()) {
    const command = begun ?? { line: first + index, text: '' };
    command.text += text.trim();
    begun = command.text.endsWith('\\') ? { ...command, text: command.text.slice(0, -1) } : undefined;
    if (!begun && command.text !== '' && !command.text.startsWith('#')) commands.push(command);
  }
  return commands;
}

function spans(text: string): DocumentedCommand[] {
  // Blocks have tags of their own; a span within one would be counted twice.
  const prose = text.replace(/^([ \t]*)```[\s\S]*?^\1```/gm, (block) => block.replace(/[^\n]/g, ' '));
  return [...prose.matchAll(SPAN)].map((span) => ({
    line: lineAt(text, span.index),
    tag: 'parse' as const,
    text: span[1] ?? '',
  }));
}
