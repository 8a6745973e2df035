import type { FigureField } from './figure-text.ts';

/** A place in a document that a result fills. */
export interface Marker extends FigureField {
  /** `stage-1.feed`: the result file's name without its end. */
  result: string;
  /** As it is written, for messages: `stage-1.feed estimate`. */
  asked: string;
  /** Where its text begins and ends in the document. */
  start: number;
  end: number;
}

/** Something wrong in a document; `line` counts from 1. */
export interface Problem {
  line: number;
  message: string;
}

const OPEN = /<!-- figure (.*?) -->/g;
const CLOSE = '<!-- /figure -->';
/** `stage-1.feed [also:"…" | count:"…" | value:"…" | arm:"…"] field`; a name without spaces needs no quotes. */
const ASKED = /^([\w-]+\.[\w+-]+)(?: (also|count|value|arm):(?:"([^"]+)"|(\S+)))? (\w+)$/;

/** All markers outside of code, and what is wrong with those that can't be read. */
export function findMarkers(text: string): { markers: Marker[]; problems: Problem[] } {
  const markers: Marker[] = [];
  const problems: Problem[] = [];
  const prose = withoutCode(text);
  for (const open of prose.matchAll(OPEN)) {
    const asked = open[1] ?? '';
    const start = open.index + open[0].length;
    const end = prose.indexOf(CLOSE, start);
    const next = prose.indexOf('<!-- figure ', start);
    const parts = ASKED.exec(asked);
    if (end < 0 || (next >= 0 && next < end)) {
      problems.push({ line: lineAt(text, open.index), message: `figure ${asked} has no ${CLOSE} after it` });
    } else if (parts) {
      markers.push({ ...fieldOf(parts), asked, start, end });
    } else {
      const form = '<stage>.<claim> [also:"…" | count:"…" | value:"…" | arm:"…"] <field>';
      problems.push({ line: lineAt(text, open.index), message: `figure "${asked}" is not of the form ${form}` });
    }
  }
  return { markers, problems };
}

function fieldOf([, result = '', kind, quoted, bare, field = '']: RegExpExecArray): FigureField & { result: string } {
  const name = quoted ?? bare;
  return { result, field, ...(kind && name && { of: { kind: kind as NonNullable<FigureField['of']>['kind'], name } }) };
}

/** The document with the text of each marker replaced; markers in the order of the document. */
export function withTexts(text: string, fills: readonly { marker: Marker; text: string }[]): string {
  let filled = '';
  let from = 0;
  for (const { marker, text: figure } of fills) {
    filled += text.slice(from, marker.start) + figure;
    from = marker.end;
  }
  return filled + text.slice(from);
}

/** The text with code blocks and code spans blanked, every character at its place: what stands in code is not ours. */
export function withoutCode(text: string): string {
  const blank = (code: string) => code.replace(/[^\n]/g, ' ');
  return text.replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1/gm, blank).replace(/`[^`\n]+`/g, blank);
}

/** The line of a position, from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
