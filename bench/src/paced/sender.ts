import type { ReadAnswer } from './answer-reader.ts';
import { Lane, type Missing } from './lane.ts';
import {
  type Answers,
  CLOSED,
  FROM_DATABASE,
  FROM_EDGE,
  LATE,
  type PacedPlan,
  REFUSED,
  SENT_AGAIN,
  UNSENT,
} from './paced-plan.ts';

/** Nobody waits for longer. */
const PATIENCE_MS = 15_000;
/**
 * Beyond that many at once a request is not sent: one that waited here for those before it would be old already, given up soon after
 * it was sent, and a server that has too much to do would be asked for nothing but what nobody waits for any more.
 */
const MOST_LANES = 3000;
const MISSING = { closed: CLOSED, late: LATE, refused: REFUSED, unsent: UNSENT };

interface UnderWay {
  n: number;
  due: number;
  lane: Lane;
  again: boolean;
}

/** A request in the bytes that are sent. */
interface Ready {
  bytes: Buffer;
  again: boolean;
}

/** Sends requests over as many connections as it takes, and notes of each what became of it. */
export class Sender {
  readonly #plan: PacedPlan;
  readonly #requestAt: (n: number) => Ready;
  readonly #answers: Answers;
  readonly #idle: Lane[] = [];
  readonly #underWay = new Set<UnderWay>();
  readonly #onDone: () => void;

  /** @param onDone - After each that has come to its end. */
  constructor(plan: PacedPlan, requestAt: (n: number) => Ready, answers: Answers, onDone: () => void) {
    this.#plan = plan;
    this.#requestAt = requestAt;
    this.#answers = answers;
    this.#onDone = onDone;
  }

  /** @param due - On the clock of `performance.now()`. */
  send(n: number, due: number): void {
    this.#answers.late[n] = performance.now() - due;
    if (this.#underWay.size >= MOST_LANES) this.#end({ n, due, again: false }, 'unsent');
    else this.#ask({ n, due, again: false });
  }

  /** To be called now and then. */
  giveUpOld(): void {
    const oldest = performance.now() - PATIENCE_MS;
    for (const one of [...this.#underWay]) if (one.due < oldest) one.lane.giveUp();
  }

  close(): void {
    for (const lane of this.#idle) lane.close();
  }

  #ask({ n, due, again }: Omit<UnderWay, 'lane'>): void {
    const kept = again ? undefined : this.#keptLane();
    const lane = kept ?? new Lane(this.#plan.host, this.#plan.port);
    const request = this.#requestAt(n);
    const one = { n, due, lane, again };
    this.#underWay.add(one);
    lane.ask(request.bytes, (answer) => {
      this.#underWay.delete(one);
      // As a browser does: a server may close an idle connection at the very moment in which it is used.
      if (answer === 'closed' && kept && request.again) return this.#ask({ n, due, again: true });
      if (lane.open) this.#idle.push(lane);
      this.#end(one, answer);
    });
  }

  #keptLane(): Lane | undefined {
    let lane = this.#idle.pop();
    while (lane && !lane.open) lane = this.#idle.pop();
    return lane;
  }

  #end({ n, due, again }: Omit<UnderWay, 'lane'>, answer: ReadAnswer | Missing | 'unsent'): void {
    const { took, status, flags } = this.#answers;
    took[n] = performance.now() - due;
    flags[n] = (again ? SENT_AGAIN : 0) | (typeof answer === 'string' ? MISSING[answer] : bitsOf(answer));
    status[n] = typeof answer === 'string' ? 0 : answer.status;
    this.#onDone();
  }
}

function bitsOf({ fromEdge, fromDatabase }: ReadAnswer): number {
  return (fromEdge ? FROM_EDGE : 0) | (fromDatabase && !fromEdge ? FROM_DATABASE : 0);
}
