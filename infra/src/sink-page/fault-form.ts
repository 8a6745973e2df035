/** Something a sink can do wrong, with what a sender sees of it. */
export interface Fault<Name extends string> {
  name: Name;
  meaning: string;
}

/** The part of a sink's page in which its fault is chosen. */
export function faultForm<Name extends string>(current: Name, faults: readonly Fault<Name>[]): string {
  const choices = faults.map(({ name, meaning }) => {
    const pressed = name === current ? ' aria-pressed="true"' : '';
    return `<button name="fault" value="${name}"${pressed}><b>${name}</b> ${meaning}</button>`;
  });
  return `<form method="post" action="/fault">
<h2>What it does wrong: ${current}</h2>
${choices.join('\n')}
</form>`;
}

/** Text of others, such as an address somebody signed up with, as text of a page. */
export function asText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** `1 mail`, `2 mails` */
export function countOf(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`;
}
