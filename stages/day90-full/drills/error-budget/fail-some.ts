import type { RequestHandler } from '@day90/core';

/** What each SIGUSR2 brings, one after the other: one failure, one in twenty, none again. */
const STEPS = ['one', 'share', 'none'] as const;
const ONE_IN = 20;

/** Answers some requests 500, when it is told to. */
export function failSome(): RequestHandler {
  let step: (typeof STEPS)[number] = 'none';
  let count = 0;
  process.on('SIGUSR2', () => {
    step = STEPS[(STEPS.indexOf(step) + 1) % STEPS.length] ?? 'none';
    count = 0;
  });
  return (_req, res, next) => {
    count += 1;
    const fails = step === 'one' ? count === 1 : step === 'share' && count % ONE_IN === 0;
    if (fails) res.status(500).json({ title: 'Failed on purpose' });
    else next();
  };
}
