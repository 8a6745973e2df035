import { lookAgain, type Rig } from '@day90/bench/drill';
import { EDGE_BOXES } from '../src/distances.ts';

/** Objects that somebody asks for at every edge all the time. */
const PATHS = ['/posts/1', '/posts/2', '/posts/popular', '/posts?limit=20', '/users/1', '/users/1/posts'];
const EVERY_MS = 250;

/** One answer of an edge. */
interface Look {
  edge: string;
  at: number;
  ms: number;
  ok: boolean;
  /** `X-Cache` */
  cache: string;
}

/** Visitors of all edges, who look at the same few things again and again. */
export class EdgeWatch {
  readonly looks: Look[] = [];
  readonly #rig: Rig;
  readonly end: () => Promise<void>;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.end = lookAgain(rig, EVERY_MS, () => this.#look());
  }

  /** The looks of a span. */
  between(from: number, to: number): Look[] {
    return this.looks.filter(({ at }) => at >= from && at < to);
  }

  /** When the last edge showed something that is not over, for the first time after a moment; endless when one never did. */
  allFresh(from: number): number {
    const first = (edge: string) =>
      Math.min(
        ...this.looks
          .filter((look) => look.edge === edge && look.at >= from && look.ok && look.cache !== 'STALE')
          .map(({ at }) => at),
      );
    return Math.max(...EDGE_BOXES.map(first));
  }

  async #look(): Promise<void> {
    await Promise.all(EDGE_BOXES.flatMap((edge) => PATHS.map((path) => this.#ask(edge, path))));
  }

  async #ask(edge: string, path: string): Promise<void> {
    const at = this.#rig.now();
    const { port } = this.#rig.instance.box(edge);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    const cache = answer?.headers.get('x-cache') ?? '';
    this.looks.push({ edge, at, ms: this.#rig.now() - at, ok: answer?.status === 200, cache });
  }
}
