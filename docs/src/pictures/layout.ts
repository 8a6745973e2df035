import type { Connection, Kind, Mark, StageMap } from '@day90/infra';
import ELK, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js';

/** A point of a picture, in its own units: about a pixel each. */
export interface Point {
  x: number;
  y: number;
}

/** Where a mark stands. */
export interface PlacedMark extends Mark, Point {
  width: number;
  height: number;
}

/** The line of a connection, from corner to corner. */
export interface PlacedConnection extends Connection {
  points: Point[];
}

/** A stage's map with a place for everything. What only watches is not on it. */
export interface Layout {
  width: number;
  height: number;
  marks: PlacedMark[];
  connections: PlacedConnection[];
}

/** Rows of the picture from above. A row whose marks connect to each other becomes several. */
const ROWS: Kind[][] = [['place'], ['edge'], ['proxy'], ['app'], ['store'], ['work', 'queue', 'mail']];
const ROW_OF_APP = 3;

const BOX = { width: 88, height: 44 };
const SIZES: Record<Kind, { width: number; height: number }> = {
  ...{ place: { width: 76, height: 28 }, edge: { ...BOX, width: 104 } },
  ...{ proxy: BOX, app: BOX, store: BOX, queue: BOX, work: BOX, mail: BOX, watch: BOX },
};

/** Narrow, so that the picture of the last stage can be read on a phone. */
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.partitioning.activate': 'true',
  'elk.padding': '[top=6,left=12,bottom=10,right=10]',
  'elk.spacing.nodeNode': '9',
  'elk.spacing.edgeEdge': '7',
  'elk.spacing.edgeNode': '9',
  'elk.layered.spacing.nodeNodeBetweenLayers': '26',
  'elk.layered.spacing.edgeNodeBetweenLayers': '10',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '7',
};

/** Places the marks of a stage in rows, and the lines between them. */
export async function layOut({ marks, connections }: StageMap): Promise<Layout> {
  const shown = marks.filter(({ kind }) => kind !== 'watch');
  const rowOf = (name: string) =>
    ROWS.findIndex((row) => row.includes(shown.find((one) => one.name === name)?.kind ?? 'watch'));
  // A line back up to the edges would lie around all that is in between; a note says who tells them what.
  const isUp = ({ from, to }: Connection) => rowOf(from) === ROW_OF_APP && rowOf(to) < ROW_OF_APP - 1;
  const lines = connections.filter((one) => rowOf(one.from) >= 0 && rowOf(one.to) >= 0 && !isUp(one));
  const graph: ElkNode = {
    id: 'stage',
    layoutOptions: OPTIONS,
    children: shown.map(({ name, kind }) => ({
      id: name,
      ...SIZES[kind],
      layoutOptions: { 'elk.partitioning.partition': String(rowOf(name)) },
    })),
    edges: lines.map(({ from, to }, i) => ({ id: String(i), sources: [from], targets: [to] })),
  };
  const { width = 0, height = 0, children = [], edges = [] } = await new ELK.default().layout(graph);
  return {
    width,
    height,
    marks: shown.map((mark, i) => ({ ...mark, ...boxOf(children[i]) })),
    connections: lines.map((line, i) => ({ ...line, points: pointsOf(edges[i]) })),
  };
}

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<ElkNode> = {}) {
  return { x, y, width, height };
}

function pointsOf(edge: ElkExtendedEdge | undefined): Point[] {
  return (edge?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
}
