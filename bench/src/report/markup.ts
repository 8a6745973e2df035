/** Text that is already HTML and is taken over as it is. Made by {@link html}, or by {@link trusted} of what we rendered. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: lists are joined, `undefined` and `false` are nothing. */
export type Child = Markup | string | number | undefined | false | readonly Child[];

/** HTML of a template: every value in it is escaped unless it is HTML already. */
export function html(strings: TemplateStringsArray, ...values: Child[]): Markup {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) text += inner(value) + (strings[index + 1] ?? '');
  return new Markup(text);
}

/** Marks text as HTML. Never for anything that comes from a result. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function inner(value: Child): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(inner).join('');
  if (value === undefined || value === false) return '';
  return String(value).replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}
