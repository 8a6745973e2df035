import { readdirSync, readFileSync } from 'node:fs';
import { atMost, type Check, type Rig } from '@day90/bench/drill';
import { asApp } from './as-app.ts';
import type { Signup } from './signups.ts';

/** What became of those who signed up. */
export interface Books {
  signups: number;
  /** Members without a mail. */
  mailless: number;
  /** Members whose mails have more than one Message-ID. */
  twoIds: number;
  /** Mails beyond the first of a Message-ID. */
  again: number;
  /** Members for whom nobody was found, though each has been invited. */
  withoutFriends: number;
  /** Recommendations computed more than once for one job. */
  doubled: number;
}

/** A mail that the mail server has taken. */
export interface AcceptedMail {
  messageId: string;
  /** In milliseconds since 1970 UTC. */
  at: number;
}

interface LogLine {
  time?: number;
  msg?: string;
  to?: string[];
  messageId?: string;
  job?: string;
  jobId?: string;
  outcome?: string;
}

/** Lines of the logs of all boxes with this name at their front. */
function logLines({ instance }: Pick<Rig, 'instance'>, box: string): LogLine[] {
  const { logs } = instance.folders;
  return readdirSync(logs)
    .filter((name) => name.startsWith(box))
    .flatMap((name) => readFileSync(`${logs}/${name}`, 'utf8').split('\n'))
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as LogLine];
      } catch {
        return []; // half a line, of a process that was killed
      }
    });
}

/** Jobs that a worker says it found left by another one. */
export function stalledJobs(rig: Pick<Rig, 'instance'>): number {
  return logLines(rig, 'worker').filter(({ msg }) => msg?.startsWith('a job was left')).length;
}

/** The mails that were accepted, by who got them, each as often as it was. */
export function acceptedMails(rig: Pick<Rig, 'instance'>): Map<string, AcceptedMail[]> {
  const accepted = logLines(rig, 'mail').filter(({ msg }) => msg === 'mail accepted');
  const mails = new Map<string, AcceptedMail[]>();
  for (const { to = [], messageId = '', time: at = 0 } of accepted)
    for (const one of to) mails.set(one, [...(mails.get(one) ?? []), { messageId, at }]);
  return mails;
}

/** How often each job in the database was done, by its id: what is in the database shows only that it was. */
export function effects(rig: Pick<Rig, 'instance'>): Map<string, number> {
  const done = logLines(rig, 'worker').filter(({ job, outcome }) => job === 'recommendations' && outcome === 'done');
  return new Map([...Map.groupBy(done, ({ jobId }) => jobId ?? '')].map(([id, lines]) => [id, lines.length]));
}

/** Compares what was promised with what there is. To be asked once all is done. */
export async function readBooks(rig: Pick<Rig, 'instance'>, acked: readonly Signup[]): Promise<Books> {
  const mails = acceptedMails(rig);
  const own = acked.map(({ email }) => (mails.get(email) ?? []).map(({ messageId }) => messageId));
  const emails = acked.map(({ email }) => email);
  const known = await asApp<{ email: string }>(
    rig,
    `SELECT email FROM users WHERE email = ANY($1) AND id IN (SELECT user_id FROM recommendations)`,
    [emails],
  );
  const more = (count: number) => Math.max(0, count - 1);
  return {
    signups: acked.length,
    mailless: own.filter((ids) => ids.length === 0).length,
    twoIds: own.filter((ids) => new Set(ids).size > 1).length,
    again: own.reduce((sum, ids) => sum + ids.length - new Set(ids).size, 0),
    withoutFriends: acked.length - known.length,
    doubled: [...effects(rig).values()].reduce((sum, count) => sum + more(count), 0),
  };
}

/** Waits until no job is left but those given up. */
export async function untilAllDone(rig: Rig, ms: number): Promise<void> {
  await rig.until('all jobs are done', ms, async () => {
    const [row] = await asApp<{ left: string }>(rig, 'SELECT count(*) AS left FROM outbox WHERE failed_at IS NULL');
    return row?.left === '0';
  });
}

/** Keeps the books for the judge, and for the result. */
export function keep(rig: Rig, books: Books): void {
  Object.assign(rig.facts, books);
}

/** What every drill of the queue asks of the books that it has kept. */
export function bookChecks({ facts }: Rig): Check[] {
  const of = (name: keyof Books) => facts[name] ?? Number.NaN;
  const all = `of ${of('signups')} who signed up`;
  return [
    atMost('mails', `${all}, without a mail: 0`, of('mailless'), 0, ''),
    atMost('ids', `${all}, with mails of two Message-IDs: 0`, of('twoIds'), 0, ''),
    atMost('friends', `${all}, without recommendations: 0`, of('withoutFriends'), 0, ''),
    atMost('effects', 'recommendations computed twice for one job: 0', of('doubled'), 0, ''),
    atLeast('some', 'who signed up', of('signups'), 10),
  ];
}

/** A count that says that there was something to be judged. */
export function atLeast(id: string, what: string, seen: number, least: number): Check {
  return { id, criterion: `${what}: at least ${least}`, value: String(Math.round(seen)), passed: seen >= least };
}
