/** A mail that was accepted. Its body is not kept. */
export interface ReceivedMail {
  /** From 1, in the order they were accepted. */
  number: number;
  /** When, ISO 8601. */
  at: string;
  to: string[];
  subject: string;
  /** Empty when it has none. */
  messageId: string;
  /** Of the request that it follows from, as its X-Request-Id says; empty when it has none. */
  requestId: string;
  /** Which one it is of those with its Message-ID: above 1 it is a duplicate. */
  copy: number;
  /** Whether its 250 was sent. Without, the sender can't know that the mail is here, and will send it again. */
  answered: boolean;
}

/** So many are kept; the oldest go first. */
const KEPT_MAILS = 10_000;

/** The mails that a sink has accepted. Duplicates are known as long as the first of them is kept. */
export class MailBook {
  /** In the order they were accepted. */
  readonly mails: ReceivedMail[] = [];
  /** All there ever were, also those no longer kept. */
  accepted = 0;
  /** Recipients that were refused, by how. */
  readonly refused = { 451: 0, 550: 0 };
  readonly #kept: number;
  readonly #copies = new Map<string, number>();

  constructor(kept = KEPT_MAILS) {
    this.#kept = kept;
  }

  add(mail: Pick<ReceivedMail, 'to' | 'subject' | 'messageId' | 'requestId' | 'answered'>): ReceivedMail {
    const { messageId } = mail;
    this.accepted += 1;
    const copy = messageId === '' ? 1 : (this.#copies.get(messageId) ?? 0) + 1;
    const received = { number: this.accepted, at: new Date().toISOString(), ...mail, copy };
    if (messageId !== '') this.#copies.set(messageId, copy);
    this.mails.push(received);
    if (this.mails.length > this.#kept) this.#forget(this.mails.shift());
    return received;
  }

  /** Of the kept ones, those whose Message-ID came before. */
  get duplicates(): number {
    return this.mails.filter(({ copy }) => copy > 1).length;
  }

  /** Of the kept ones, those without an answer. */
  get unanswered(): number {
    return this.mails.filter(({ answered }) => !answered).length;
  }

  /** The first of its Message-ID is gone, so there is nothing left that a next one would be seen to repeat. */
  #forget(mail: ReceivedMail | undefined): void {
    if (mail?.copy === 1) this.#copies.delete(mail.messageId);
  }
}
