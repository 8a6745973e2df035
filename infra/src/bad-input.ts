/** What the person at the keyboard can mend: its message is one line that names the thing, the allowed values and the command that helps. */
export class BadInput extends Error {
  override name = 'BadInput';
}
