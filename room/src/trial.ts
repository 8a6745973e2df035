import type { Expectation } from './expectations.ts';
import type { Trial } from './snapshot.ts';
import { type Fared, Visitor } from './visitor.ts';

/** What was under way is answered by then, or given up. */
const SETTLED_MS = 8000;
const LONGEST_MS = 120_000;

/** A fault that was put in, and what is measured of it: until the box is up again, and a few seconds more. */
export class RunningTrial {
  readonly #what: string;
  readonly #expectation: Expectation;
  readonly #began: number;
  readonly #visitor: Pick<Visitor, 'fared' | 'leave'>;
  #backAt: number | undefined;
  #seen: Trial | undefined;

  /** @param now - A clock that goes on evenly, in milliseconds. */
  constructor(of: {
    what: string;
    expectation: Expectation;
    url: string;
    now: number;
    visitor?: Pick<Visitor, 'fared' | 'leave'>;
  }) {
    this.#what = of.what;
    this.#expectation = of.expectation;
    this.#began = of.now;
    this.#visitor = of.visitor ?? new Visitor(of.url);
  }

  /** @param isBack - Whether all that was done to the box is over. */
  look(isBack: boolean, now: number): Trial {
    if (this.#seen?.isOver) return this.#seen;
    if (!isBack) this.#backAt = undefined;
    else this.#backAt ??= now;
    const isOver = now - this.#began > LONGEST_MS || (this.#backAt !== undefined && now - this.#backAt >= SETTLED_MS);
    if (isOver) this.end();
    this.#seen = this.#look(this.#visitor.fared, now, isOver);
    return this.#seen;
  }

  /** Measures no more. */
  end(): void {
    this.#visitor.leave();
  }

  #look({ requests, failed }: Fared, now: number, isOver: boolean): Trial {
    const backAfter = this.#backAt === undefined ? undefined : (this.#backAt - this.#began) / 1000;
    return {
      what: this.#what,
      expected: this.#expectation.words,
      seconds: (now - this.#began) / 1000,
      isOver,
      ...(backAfter !== undefined && { backAfter }),
      ...{ requests, failed },
      verdict: isOver ? this.#verdict(failed / Math.max(1, requests), backAfter) : 'being measured',
    };
  }

  #verdict(failed: number, backAfter: number | undefined): string {
    const { mostFailed, backWithin } = this.#expectation;
    const isStanding = backAfter === undefined && backWithin === Number.POSITIVE_INFINITY;
    if (backAfter === undefined && !isStanding) return 'not as expected: it is not back';
    if ((backAfter ?? 0) > backWithin) return `not as expected: it took longer than ${backWithin} s`;
    if (failed > mostFailed) return `not as expected: at most ${mostFailed * 100} % were to fail`;
    if (isStanding) return 'as expected so far: nobody has taken it back';
    return 'as expected';
  }
}
