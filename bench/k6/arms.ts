/** One side of a comparison, and where it answers. */
export interface ArmTarget {
  /** `before`, `after`, or `one` when only `BASE_URL` is given. */
  name: string;
  url: string;
  /** Where visitors from far away find it; a script that knows of none sends all of them to `url`. */
  farUrl?: string;
}

/**
 * The arms of this run: two with `-e BEFORE=… -e AFTER=…`, one with `-e BASE_URL=…`.
 * @throws {Error} When none is given, naming both ways.
 */
export function targets(env: Record<string, string | undefined>): ArmTarget[] {
  const { BEFORE: before, AFTER: after, BASE_URL: one, BEFORE_FAR, AFTER_FAR } = env;
  if (before && after) {
    return [
      { name: 'before', url: before, ...(BEFORE_FAR && { farUrl: BEFORE_FAR }) },
      { name: 'after', url: after, ...(AFTER_FAR && { farUrl: AFTER_FAR }) },
    ];
  }
  if (one && !before && !after) return [{ name: 'one', url: one }];
  throw new Error('Say where to send the load: -e BASE_URL=http://127.0.0.1:3001, or both -e BEFORE=… and -e AFTER=…');
}
