import { atMost, type Check, during, noneFailed, type Rig, type Sent, WRITES } from '@day90/bench/drill';

const FIRST_WRITE_MS = 5000;
/** An app looks ten times a second who leads. */
const LONGEST_AFTER_MS = 1000;

/** What must hold when the primary is lost and replaced, whatever commits wait for. */
export function failoverChecks(records: readonly Sent[], rig: Rig): Check[] {
  return [
    oneLeader(rig),
    onlyUnavailable(records, rig),
    firstWrite(records, rig),
    atMost('same-apps', 'apps started again: 0', rig.facts['apps that are another process'] ?? Number.NaN, 0, ''),
    noneFailed('healed', 'after healing, requests of all kinds', during(records, ['healed'])),
  ];
}

function oneLeader({ facts }: Rig): Check {
  const { 'nodes that took writes at once': most = Number.NaN, 'nodes that follow it': followers = 0 } = facts;
  return {
    id: 'one-leader',
    criterion: 'never two that take writes, and in the end one with two that follow it',
    value: `at most ${most} at once, followed by ${followers}`,
    passed: most === 1 && followers === 2,
  };
}

/** Nobody is left then who has seen enough: both replicas lag by more than is read, and what they lack may have been ended. */
function onlyUnavailable(records: readonly Sent[], { marks }: Rig): Check {
  const { cut = Number.NaN, promoted = Number.NaN } = marks;
  const failed = during(records, ['fault', 'healed']).filter(({ outcome }) => outcome !== 'ok');
  const others = failed.filter(
    ({ status, at, end = at }) => status !== 503 || end < cut || at > promoted + LONGEST_AFTER_MS,
  );
  return {
    id: 'only-503',
    criterion: 'errors are 503 and nothing else, and only from the cut to 1 s after the promotion',
    value: [`${others.length} of ${failed.length} are not`, ...new Set(others.map(({ why }) => why))].join(', '),
    passed: failed.length > 0 && others.length === 0,
  };
}

function firstWrite(records: readonly Sent[], { marks }: Rig): Check {
  const promoted = marks.promoted ?? Number.NaN;
  const ends = during(records, ['fault', 'healed'], WRITES)
    .filter(({ outcome, at }) => outcome === 'ok' && at >= promoted)
    .map(({ end = Number.POSITIVE_INFINITY }) => end);
  return atMost(
    'first-write',
    'first write after the promotion ≤ 5 s',
    Math.min(...ends) - promoted,
    FIRST_WRITE_MS,
    'ms',
  );
}
