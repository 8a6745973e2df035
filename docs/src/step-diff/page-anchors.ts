import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchored, anchorIn } from './anchors.ts';
import type { StepDiff } from './step-diff.ts';

/** A text that stands beside a hunk. */
interface AnchorLine {
  line: number;
  anchor: string;
  isEmpty: boolean;
}

/** What is wrong with the anchors of a step's pages, each as `path:line: what`. Pages that are not there are not missed. */
export function anchorProblems(workspace: string, diff: StepDiff): string[] {
  const [english, korean] = ['docs/steps', 'docs/ko/steps'].map((folder) => {
    const path = `${folder}/${diff.step.number}.md`;
    const anchors = existsSync(join(workspace, path))
      ? anchorsIn(readFileSync(join(workspace, path), 'utf8'))
      : undefined;
    return { path, anchors };
  }) as [Page, Page];
  return [...problemsOf(english, diff), ...problemsOf(korean, diff), ...differences(english, korean)];
}

interface Page {
  path: string;
  anchors: AnchorLine[] | undefined;
}

function anchorsIn(text: string): AnchorLine[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const anchor = anchorIn(line);
    const next = lines.slice(i + 1).find((one) => one.trim() !== '');
    return anchor === undefined ? [] : [{ line: i + 1, anchor, isEmpty: next?.startsWith(':::') ?? true }];
  });
}

function problemsOf({ path, anchors = [] }: Page, diff: StepDiff): string[] {
  const explained = new Map<unknown, number>();
  return anchors.flatMap(({ line, anchor, isEmpty }) => {
    if (isEmpty) return [`${path}:${line}: no text stands beside ${anchor}`];
    try {
      const { hunks } = anchored(diff, anchor);
      const twice = hunks.map((hunk) => explained.get(hunk)).find((other) => other !== undefined);
      for (const hunk of hunks) explained.set(hunk, line);
      return twice === undefined ? [] : [`${path}:${line}: what ${anchor} names is explained in line ${twice} already`];
    } catch (error) {
      return [`${path}:${line}: ${(error as Error).message}`];
    }
  });
}

function differences(english: Page, korean: Page): string[] {
  if (!english.anchors || !korean.anchors) return [];
  const length = Math.max(english.anchors.length, korean.anchors.length);
  const at = Array.from({ length }, (_, i) => i).find(
    (i) => english.anchors?.[i]?.anchor !== korean.anchors?.[i]?.anchor,
  );
  if (at === undefined) return [];
  const wanted = english.anchors[at]?.anchor ?? 'nothing more';
  return [`${korean.path}:${korean.anchors[at]?.line ?? 'end'}: ${english.path} explains ${wanted} here`];
}
