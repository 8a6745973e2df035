import type { SlackText } from './slack-message.ts';

/** A notice as the channel has it. */
export interface Notice extends SlackText {
  /** From 1, in the order they came. */
  number: number;
  /** When, ISO 8601. */
  at: string;
}

/** So many are kept; the oldest go first. */
const KEPT_NOTICES = 1000;

/** The notices that a channel has got. */
export class NoticeBook {
  /** In the order they came. */
  readonly notices: Notice[] = [];
  /** All there ever were, also those no longer kept. */
  received = 0;
  /** Messages that were answered 500, or never. */
  readonly refused = { 500: 0, hang: 0 };
  readonly #onNotice: (notice: Notice) => void;

  constructor(onNotice: (notice: Notice) => void = () => {}) {
    this.#onNotice = onNotice;
  }

  add(said: SlackText): Notice {
    this.received += 1;
    const notice = { number: this.received, at: new Date().toISOString(), ...said };
    this.notices.push(notice);
    if (this.notices.length > KEPT_NOTICES) this.notices.shift();
    this.#onNotice(notice);
    return notice;
  }
}
