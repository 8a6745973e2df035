import type { Instance } from '@day90/infra';
import { Visitor } from '../visitor.ts';

/** A city, its edge, and the round trips to that and to the origin, in milliseconds. */
export interface City {
  city: string;
  edge: string;
  near: number;
  far: number;
}

export const WAYS: City[] = [
  { city: 'seoul', edge: 'edge-seoul', near: 10, far: 10 },
  { city: 'tokyo', edge: 'edge-seoul', near: 50, far: 50 },
  { city: 'la', edge: 'edge-la', near: 10, far: 200 },
  { city: 'london', edge: 'edge-london', near: 10, far: 300 },
];

/** Milliseconds of each answer of a block. */
export interface Seen {
  direct: number[];
  hit: number[];
  miss: number[];
  overshoot: number[];
}

/** Pages of each kind in a block. */
const PAGES = 6;
/** Its visitors have a post of their own, that is at the edge from the first block on. */
const FIRST_POST = 1;
/** Those that are asked for once. */
const FIRST_MISS = 1000;
const MOST_BLOCKS = 100;

/** The visitors of one city, on all their ways. */
export class CityWays {
  readonly #city: City;
  readonly #number: number;
  readonly #near: Visitor;
  readonly #missing: Visitor;
  readonly #far: Visitor;
  readonly #noLink: Visitor;
  readonly #origin: Visitor;

  constructor(instance: Instance, city: City, number: number) {
    this.#city = city;
    this.#number = number;
    this.#near = Visitor.from(instance, city.city, city.edge);
    this.#missing = Visitor.from(instance, city.city, city.edge);
    this.#far = Visitor.from(instance, city.city, 'nginx');
    this.#noLink = Visitor.at(instance, city.edge);
    this.#origin = Visitor.at(instance, 'nginx');
  }

  /** Has Redis keep all that will be asked for, and opens all connections. */
  async prepare(blocks: number): Promise<void> {
    const paths = Array.from({ length: blocks }, (_, i) => this.#missPaths(i)).flat();
    for (const path of [this.#ownPath, ...paths]) await this.#ask(this.#origin, path);
    await this.block(MOST_BLOCKS - 1);
  }

  /** Asks on all ways at once. */
  async block(i: number): Promise<Seen> {
    const own = Array<string>(PAGES).fill(this.#ownPath);
    const empty = Array<string>(PAGES).fill('/edgez');
    const [direct, hit, miss] = await Promise.all([
      this.#each(this.#far, own),
      this.#each(this.#near, own),
      this.#each(this.#missing, this.#missPaths(i)),
    ]);
    const [over, without] = [await this.#each(this.#near, empty), await this.#each(this.#noLink, empty)];
    const overshoot = over.map((ms, n) => ms - this.#city.near - (without[n] ?? 0));
    return { direct, hit, miss, overshoot };
  }

  close(): void {
    for (const one of [this.#near, this.#missing, this.#far, this.#noLink, this.#origin]) one.close();
  }

  get #ownPath(): string {
    return `/posts/${FIRST_POST + this.#number}`;
  }

  #missPaths(block: number): string[] {
    const first = FIRST_MISS + (this.#number * MOST_BLOCKS + block) * PAGES;
    return Array.from({ length: PAGES }, (_, i) => `/posts/${first + i}`);
  }

  async #each(visitor: Visitor, paths: string[]): Promise<number[]> {
    const times: number[] = [];
    for (const path of paths) times.push(await this.#ask(visitor, path));
    return times;
  }

  async #ask(visitor: Visitor, path: string): Promise<number> {
    const { status, ms } = await visitor.read(path);
    if (status !== 200) throw new Error(`${path} from ${this.#city.city} was answered ${status}`);
    return ms;
  }
}
