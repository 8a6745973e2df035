import { describe, expect, it } from '@jest/globals';
import {
  afterCommit,
  currentContext,
  noteTiming,
  openHandle,
  runInBackground,
  runOutside,
  transaction,
} from '../src/context.ts';
import { UnavailableError } from '../src/errors.ts';
import type { Transactor } from '../src/ports.ts';

const once: Transactor = (work) => work('handle');

describe('transaction', () => {
  it('runs effects after the commit, in order, and before it resolves', async () => {
    const log: string[] = [];
    const transactor: Transactor = async (work) => {
      const result = await work('handle');
      log.push('commit');
      return result;
    };
    await runInBackground(transactor, () =>
      transaction(async () => {
        await afterCommit(async () => void log.push('first'));
        await afterCommit(async () => void log.push('second'));
        log.push('write');
      }),
    );
    expect(log).toEqual(['write', 'commit', 'first', 'second']);
  });

  it('never runs the effects of work that was rolled back', async () => {
    const log: string[] = [];
    const failing = runInBackground(once, () =>
      transaction(async () => {
        await afterCommit(async () => void log.push('effect'));
        throw new Error('rolled back');
      }),
    );
    await expect(failing).rejects.toThrow('rolled back');
    expect(log).toEqual([]);
  });

  it('runs the effects of the last try alone when the store asks for another', async () => {
    const twice: Transactor = async (work) => {
      await work('first try');
      return work('second try');
    };
    const log: unknown[] = [];
    await runInBackground(twice, () =>
      transaction(async () => {
        const { handle } = currentContext()?.transaction ?? {};
        await afterCommit(async () => void log.push(handle));
      }),
    );
    expect(log).toEqual(['second try']);
  });

  it('keeps a timing that is noted within it', async () => {
    const timings = await runInBackground(once, async () => {
      await transaction(async () => noteTiming('dbnode', 'desc=primary'));
      return currentContext()?.timings;
    });
    expect(timings?.get('dbnode')).toBe('desc=primary');
  });

  it('runs every effect, also after one that fails, and then says so', async () => {
    const log: string[] = [];
    const failing = runInBackground(once, () =>
      transaction(async () => {
        await afterCommit(() => Promise.reject(new Error('no mail')));
        await afterCommit(async () => void log.push('invalidated'));
      }),
    );
    await expect(failing).rejects.toThrow('no mail');
    expect(log).toEqual(['invalidated']);
  });

  it('runs what is harmless, and nothing else, when nobody knows whether it was committed', async () => {
    const log: string[] = [];
    const lost: Transactor = async (work) => {
      await work('handle');
      throw new UnavailableError('The answer to the commit is lost.');
    };
    const work = async () => {
      await afterCommit(async () => void log.push('mail'));
      await afterCommit(async () => void log.push('invalidation'), { harmless: true });
    };
    await expect(runInBackground(lost, () => transaction(work))).rejects.toThrow('lost');
    expect(log).toEqual(['invalidation']);
    const refused: Transactor = (attempt) => attempt('handle').then(() => Promise.reject(new Error('constraint')));
    await expect(runInBackground(refused, () => transaction(work))).rejects.toThrow('constraint');
    expect(log).toEqual(['invalidation']);
  });

  it('refuses its handle to work that outlives it', async () => {
    let late: Promise<unknown> = Promise.resolve();
    await runInBackground(once, () =>
      transaction(async () => {
        late = new Promise((resolve) => setTimeout(resolve, 5)).then(openHandle);
        late.catch(() => undefined);
        expect(openHandle()).toBe('handle');
      }),
    );
    await expect(late).rejects.toThrow('has ended');
  });

  it('joins the one that is open', async () => {
    let opened = 0;
    const counting: Transactor = (work) => {
      opened += 1;
      return work(opened);
    };
    await runInBackground(counting, () => transaction(() => transaction(async () => undefined)));
    expect(opened).toBe(1);
  });

  it('refuses to run outside of a context, where no store is known', async () => {
    await expect(transaction(async () => undefined)).rejects.toThrow('request context');
  });
});

describe('afterCommit', () => {
  it('runs at once where no transaction is open', async () => {
    const log: string[] = [];
    await runInBackground(once, () => afterCommit(async () => void log.push('effect')));
    expect(log).toEqual(['effect']);
  });
});

describe('runOutside', () => {
  it('has what it opens know of no request, also later on', async () => {
    const later = await runInBackground(once, () =>
      runOutside(() => new Promise((resolve) => setTimeout(() => resolve(currentContext()), 5))),
    );
    expect(later).toBeUndefined();
    await runInBackground(once, async () => {
      runOutside(() => undefined);
      expect(currentContext()).toBeDefined();
    });
  });
});
