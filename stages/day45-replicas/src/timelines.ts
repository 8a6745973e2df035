/*
 * A position says how much of the one history a database has seen: the timeline, then the place in its log, both in
 * hexadecimal digits of a fixed length, so that the later of two is the greater text: `0000000200000016B374D848`.
 *
 * The timeline stands in front because a place alone means nothing after a failover. The new primary goes on from where it had
 * come to; whoever has seen more of the old one, which is lost, would wait for a place that the new log reaches one day with
 * something else in it. With the timeline in front every database on the new timeline is past all of the old one: it has all
 * that is left of it. https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-TIMELINES
 */

const DIGITS = 8;
const NO_TIMELINE = '0'.repeat(DIGITS);

/** A place in the log, `16/B374D848`, as a text that sorts: `00000016B374D848`. */
export function placeOf(lsn: string): string {
  return lsn
    .split('/')
    .map((half) => half.padStart(DIGITS, '0'))
    .join('');
}

/** The timeline of a position, as eight digits. */
export function timelineOf(position: string): string {
  return position.slice(0, DIGITS);
}

/** Where each timeline was first seen by this process, on the primary of it. */
export class Timelines {
  readonly #firstPlaces: { timeline: string; place: string }[] = [];

  /** Notes that there is a primary on this timeline, at this place. */
  note(timeline: string, place: string): void {
    if (timeline > this.latest) this.#firstPlaces.push({ timeline, place });
  }

  /** The latest timeline seen. */
  get latest(): string {
    return this.#firstPlaces.at(-1)?.timeline ?? NO_TIMELINE;
  }

  /** How often a later one was seen than before: so often a standby was promoted. */
  get changes(): number {
    return Math.max(0, this.#firstPlaces.length - 1);
  }

  /**
   * The position of a standby that has replayed up to `place`. Postgres tells no plain role on which timeline a standby
   * replays. But a timeline begins before it is first seen, so whoever is past that place has come over to it; whoever is
   * not counts as on the one before, which is too little for a moment and never too much. (Fenced: no second primary goes on
   * writing on an old timeline, so no standby can be past that place there.)
   */
  ofStandby(place: string): string {
    const passed = this.#firstPlaces.findLast((first) => first.place <= place);
    return (passed?.timeline ?? before(this.#firstPlaces[0]?.timeline)) + place;
  }
}

function before(timeline = NO_TIMELINE): string {
  const number = Math.max(0, Number.parseInt(timeline, 16) - 1);
  return number.toString(16).toUpperCase().padStart(DIGITS, '0');
}
