/**
 * A value and its JSON text, each made from the other when it is first asked for.
 *
 * Reads return this instead of the bare value so that a cache can hand on the text it holds: to parse a page of 100
 * posts and print it again costs more than all the rest of the request.
 */
export class Json<T> {
  #value: T | undefined;
  #text: string | undefined;
  /** Names this state of the thing, for `ETag` and `If-Match`; `undefined` for what has no version, such as a list. */
  readonly version: string | undefined;

  private constructor(value: T | undefined, text: string | undefined, version: string | undefined) {
    this.#value = value;
    this.#text = text;
    this.version = version;
  }

  /** Wraps a value; it must not be changed afterwards. */
  static of<T>(value: T, version?: string): Json<T> {
    return new Json(value, undefined, version);
  }

  /** Wraps a text that {@link Json.text} once gave. It is trusted: a text of another shape shows up at its reader. */
  static fromText<T>(text: string, version?: string): Json<T> {
    return new Json<T>(undefined, text, version);
  }

  get value(): T {
    this.#value ??= JSON.parse(this.#text as string) as T;
    return this.#value;
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.#value);
    return this.#text;
  }
}
