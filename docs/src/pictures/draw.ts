import type { Connection } from '@day90/infra';
import { escapeHtml } from '../escape-html.ts';
import type { Layout, PlacedConnection, PlacedMark, Point } from './layout.ts';
import { textLines } from './text-lines.ts';

/** A picture as it is drawn: its layout, what is to stand out, and what is said below it. */
export interface Picture {
  title: string;
  layout: Layout;
  way: Connection[];
  notes: string[];
}

/** Width of the narrowest picture, so that its notes have room. */
const NARROWEST = 340;
const LINE_HEIGHT = 17;

/** Draws a picture. Colours are in its style sheet, which the site has for all pictures together. */
export function draw({ title, layout, way, notes }: Picture, style: string): string {
  const width = Math.max(NARROWEST, Math.ceil(layout.width));
  const left = (width - layout.width) / 2;
  const below = notes.flatMap((note) => textLines(note, width - 16));
  const height = Math.ceil(layout.height) + below.length * LINE_HEIGHT + 14;
  const isOnWay = (one: Connection) => way.some(({ from, to }) => from === one.from && to === one.to);
  const lines = layout.connections.toSorted((a, b) => Number(isOnWay(a)) - Number(isOnWay(b)));
  const stops = [...new Set(way.flatMap(({ from, to }) => [from, to]))].slice(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="stage-picture" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(title)}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<desc>${escapeHtml(inWords(layout, notes))}</desc>`,
    `<style>${style}</style>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    `<g transform="translate(${round(left)} 0)">`,
    ...lines.map((line) => drawConnection(line, isOnWay(line))),
    ...layout.marks.map((mark) => drawMark(mark, stops)),
    '</g>',
    ...below.map(
      (text, i) =>
        `<text class="small" x="8" y="${Math.ceil(layout.height) + 16 + i * LINE_HEIGHT}">${escapeHtml(text)}</text>`,
    ),
    '</svg>\n',
  ].join('\n');
}

/** What the picture shows, for who can't see it. */
function inWords({ connections }: Layout, notes: string[]): string {
  const byStart = Map.groupBy(connections, ({ from }) => from);
  const sentences = [...byStart].map(([from, all]) => `From ${from} to ${all.map(({ to }) => to).join(', ')}.`);
  return [...sentences, ...notes].join(' ');
}

function drawConnection({ points }: PlacedConnection, isOnWay: boolean): string {
  const className = isOnWay ? ' on-way' : '';
  const [before, end] = points.slice(-2) as [Point, Point];
  const down = Math.sign(end.y - before.y) || 1;
  const path = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join(' ');
  const tip = `M${round(end.x)} ${round(end.y)} l-4 ${-7 * down} h8 z`;
  return `<path class="line${className}" d="${path}"/><path class="tip${className}" d="${tip}"/>`;
}

function drawMark({ name, kind, program, count, x, y, width, height }: PlacedMark, stops: string[]): string {
  const stop = stops.indexOf(name) + 1;
  const at = (dx: number) =>
    `<rect class="box${stop > 0 ? ' on-way' : ''}" style="fill:var(--${kind})" x="${round(x + dx)}" y="${round(y + dx)}" width="${width}" height="${height}" rx="${kind === 'place' ? height / 2 : 6}"/>`;
  const middle = round(x + width / 2);
  const label = count > 1 ? `${program} ×${count}` : program;
  const isOneLine = label === undefined;
  return [
    ...(count > 1 ? [at(5), at(2.5)] : []),
    at(0),
    `<text class="name" text-anchor="middle" x="${middle}" y="${round(y + (isOneLine ? height / 2 + 4.5 : 18))}">${escapeHtml(name)}</text>`,
    ...(isOneLine
      ? []
      : [`<text class="small" text-anchor="middle" x="${middle}" y="${round(y + 35)}">${escapeHtml(label)}</text>`]),
    ...(stop > 0 ? [drawStop({ x: x + 2, y: y + 2 }, stop)] : []),
  ].join('');
}

/** The number of a stop on the way. */
function drawStop({ x, y }: Point, stop: number): string {
  return `<circle class="stop" cx="${round(x)}" cy="${round(y)}" r="8.5"/><text class="number" text-anchor="middle" x="${round(x)}" y="${round(y + 4)}">${stop}</text>`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
