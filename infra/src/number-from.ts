/**
 * A whole number from the environment; undefined where it has none of that name.
 * @throws {Error} Naming the variable and what it holds instead.
 */
export function numberFrom(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} must be a whole number, not ${text}`);
  return value;
}
