import type { Sent } from '../src/sent.ts';
import type { Scene } from '../src/snapshot.ts';

/** A connection as the path of an SVG. */
interface Line {
  key: string;
  path: string;
  isOnWay: boolean;
}

/** The lines between marks, from where the browser has put them. */
export function linesOf(map: HTMLDivElement, { connections }: Scene, sent: Sent | undefined): Line[] {
  const origin = map.getBoundingClientRect();
  const places = new Map(
    [...map.querySelectorAll<HTMLElement>('[data-mark]')].map((mark) => [
      mark.dataset.mark,
      mark.getBoundingClientRect(),
    ]),
  );
  const visited = new Set((sent?.steps ?? []).map(({ box }) => box.replace(/-\d+$/, '')));
  const isVisited = (name: string) => visited.has(name) || name === sent?.from;
  return connections.flatMap(({ from, to }) => {
    const [a, b] = [places.get(from), places.get(to)];
    // A line back up, or along its own row, would lie over what is in between.
    if (!a || !b || b.top < a.bottom) return [];
    const [x1, y1, x2, y2] = [a.left + a.width / 2, a.bottom, b.left + b.width / 2, b.top].map((value, i) =>
      Math.round(value - (i % 2 === 0 ? origin.left : origin.top)),
    ) as [number, number, number, number];
    const middle = (y1 + y2) / 2;
    return {
      key: `${from} ${to}`,
      path: `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`,
      isOnWay: isVisited(from) && visited.has(to),
    };
  });
}
