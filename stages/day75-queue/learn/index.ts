import type { Exercises } from '@day90/bench/learn';

/** What to do with stage 6 besides reading it. */
export const exercises: Exercises = {
  predict: {
    question:
      'A sign-up hashes a password, writes a row, and used to wait two seconds for the mail server. Now the mail is a job. How many times as short is the answer, at the 95th percentile?',
    unit: '×',
    result: 'stage-6.signup',
    why: 'What is left is the hash of the password, and it is meant to be slow. A queue takes away waiting, and no work: the mail comes no sooner, the hash takes as long, and somebody else pays for both.',
  },
  break: {
    task: 'A job may be delivered twice. `exactlyOnce` notes its id in the transaction of its effect, and only the first one runs. Let it run in any case: the note is written, the row goes, all looks as before.',
    file: 'src/do-job.ts',
    find: 'if (isFirst) await run();',
    replaceBy: 'await run();',
    test: { file: 'test/do-job.test.ts', name: 'has one effect in the database, however often it is delivered' },
    why: 'No queue delivers exactly once: a worker that dies after its work and before its word has its job given to another. What can be had is at least once, with an effect that happens once. The note and the effect have to be in one transaction, and the note has to be asked.',
  },
  extend: {
    task: 'The workers stood still for two days. Now they work off what has gathered, and welcome people who signed up the day before yesterday. Let a mail that was asked for more than a day ago not be sent: the job ends, its row goes, and its outcome is `expired`. Pictures and recommendations are wanted however late.',
    hints: [
      'src/do-job.ts knows when a job was asked for, and which kind it is.',
      'Its row has to go, and its id has to be noted, or the relay hands it over again.',
      '`Outcome` is a type: the compiler shows who else looks at it.',
    ],
    check: 'learn/extend.ts',
    after:
      'Who learns that a mail was dropped? Look at the log line of a job, and at what stage 7 counts (`jobs_total`). And what would you do with a mail that confirms a payment?',
  },
};
