import picocolors from 'picocolors';
import type { Level } from './levels.ts';

export type Colours = ReturnType<typeof coloursFor>;

const BOX_COLOURS = ['cyan', 'magenta', 'green', 'blue', 'yellow'] as const;

/** Colours for a stream: none where it is not a terminal, none with NO_COLOR. */
export function coloursFor(stream: NodeJS.WriteStream) {
  const wanted = stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return picocolors.createColors(Boolean(wanted));
}

/** One colour a box, as long as there are enough. */
export function boxColour(index: number, colours: Colours): (text: string) => string {
  return colours[BOX_COLOURS[index % BOX_COLOURS.length] ?? 'cyan'];
}

export function colouredLevel(level: Level, colours: Colours): string {
  if (level === 'error' || level === 'fatal') return colours.red(level);
  return level === 'warn' ? colours.yellow(level) : level;
}
