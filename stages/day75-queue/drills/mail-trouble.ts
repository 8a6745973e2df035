import { atMost, type Check, type Drill, during, JUDGED, noneFailed, PUBLIC_READS, type Rig } from '@day90/bench/drill';
import { asApp } from './as-app.ts';
import { untilAllDone } from './books.ts';
import { DRILL_PROFILE } from './drill-profile.ts';
import { withQueues } from './queue-of.ts';
import { Signups } from './signups.ts';
import { askSink, breakMail } from './sink-of.ts';

const SIGNUPS_PER_SECOND = 2;
/** What is wrong, one after the other, and for how many milliseconds. First what ends a mail: only new ones meet it. */
const TROUBLE = [
  ['550', 4000],
  ['refuse', 4000],
  ['hang', 4000],
  ['451', 20_000],
  ['drop', 5000],
  ['none', 2000],
] as const;
/** A mail that failed through all of it waits for up to 32 s before its next try. */
const DONE_MS = 50_000;
/** One that is given up is noted at the next look of the relay; were it tried again, that would be seen by then. */
const LOOKED_MS = 5000;

/** Whatever a mail server does, each mail comes, or is given up where that is seen; and none comes under two names. */
export const mailTrouble: Drill = {
  number: 27,
  slug: 'mail-trouble',
  stage: 'stage-6',
  title: 'the mail server answers 550, refuses connections, says nothing, answers 451 for 20 s, cuts before its 250',
  expects: [
    'nobody is without a mail, but those who were refused for good (550)',
    'one Message-ID for each, also of mails that came twice',
    'mails come twice no more often than a sender was not told of its 250',
    'refused for good: tried once, and given up with the reason, in the failed set and in the outbox',
    'signing up and public reads: 0 failed',
  ],
  topology: 'src/topology.ts',
  env: DRILL_PROFILE,
  rate: 40,
  mix: { post: 50, feed: 10, user: 20, me: 10, create: 5, update: 5 },
  faultSeconds: 75,
  async fault(rig) {
    const signups = new Signups(rig);
    signups.begin(SIGNUPS_PER_SECOND);
    for (const [fault, ms] of TROUBLE) {
      await breakMail(rig, fault);
      await rig.sleep(ms);
    }
    await signups.end();
    rig.facts.signups = signups.acked.length;
    rig.facts['signups failed'] = signups.all.length - signups.acked.length;
  },
  async heal(rig) {
    await untilAllDone(rig, DONE_MS);
    await rig.sleep(LOOKED_MS);
    await keepBooks(rig);
  },
  judge(records, rig) {
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      ...bookChecks(rig),
      ...troubleChecks(rig),
    ];
  },
  mutation: {
    title: 'gives a mail another Message-ID at each try',
    topology: 'drills/anew-each-try/topology.ts',
    breaks: ['ids'],
  },
};

/** Whoever has an account was promised a mail, whether their sign-up was answered or not. */
async function keepBooks(rig: Rig): Promise<void> {
  const members = await asApp<{ email: string }>(rig, "SELECT email FROM users WHERE email LIKE 'drill-%'");
  const givenUp = await asApp<{ to: string; reason: string }>(
    rig,
    `SELECT job::jsonb->>'to' AS to, reason FROM outbox WHERE failed_at IS NOT NULL`,
  );
  const failed = await withQueues(rig, (queues) => queues.of('mails').getFailed());
  const { mails, refused, unanswered } = await askSink(rig);
  const mailsTo = Map.groupBy(mails, ({ to }) => to[0] ?? '');
  const own = members.map(({ email }) => ({ email, ids: (mailsTo.get(email) ?? []).map((mail) => mail.messageId) }));
  const isRefused = (email: string) => givenUp.some(({ to, reason }) => to === email && is550(reason));
  Object.assign(rig.facts, {
    members: members.length,
    mailless: own.filter(({ email, ids }) => ids.length === 0 && !isRefused(email)).length,
    'two ids': own.filter(({ ids }) => new Set(ids).size > 1).length,
    'came again': own.reduce((sum, { ids }) => sum + Math.max(0, ids.length - 1), 0),
    'not told': unanswered,
    'refused for now': refused[451],
    'refused for good': refused[550],
    'given up': givenUp.filter(({ reason }) => is550(reason)).length,
    'given up otherwise': givenUp.filter(({ reason }) => !is550(reason)).length,
    'in the failed set': failed.filter(({ failedReason }) => is550(failedReason)).length,
  });
}

function is550(reason: string): boolean {
  return reason.includes('550');
}

function bookChecks({ facts }: Rig): Check[] {
  const of = (name: string) => facts[name] ?? Number.NaN;
  const all = `of ${of('members')} who signed up`;
  return [
    atMost('signups', 'sign-ups that failed: 0', of('signups failed'), 0, ''),
    atMost('mails', `${all}, without a mail, and not refused for good: 0`, of('mailless'), 0, ''),
    atMost('ids', `${all}, with mails of two Message-IDs: 0`, of('two ids'), 0, ''),
    atMost('again', 'mails that came again ≤ senders not told', of('came again'), of('not told'), ''),
    atMost('other', 'given up for another reason: 0', of('given up otherwise'), 0, ''),
    {
      id: 'for-good',
      criterion: 'refused for good = given up in the outbox = in the failed set with the reason',
      value: [of('refused for good'), of('given up'), of('in the failed set')].join(' = '),
      passed: of('refused for good') === of('given up') && of('given up') === of('in the failed set'),
    },
  ];
}

/** Of each kind of trouble there must have been some, or the drill has shown nothing. */
function troubleChecks({ facts }: Rig): Check[] {
  return (['refused for now', 'not told', 'refused for good'] as const).map((name) => ({
    id: `some ${name}`,
    criterion: `${name}: at least 3`,
    value: String(facts[name]),
    passed: (facts[name] ?? 0) >= 3,
  }));
}
