import { describe, expect, it } from '@jest/globals';
import { RunningTrial } from '../src/trial.ts';

const expectation = { words: 'hardly any fails', mostFailed: 0.02 };

function trial(fared = { requests: 100, failed: 1 }, backWithin = 10) {
  let isThere = true;
  const visitor = { fared, leave: () => (isThere = false) };
  const running = new RunningTrial({
    what: 'kill app-1',
    expectation: { ...expectation, backWithin },
    url: '',
    now: 0,
    visitor,
  });
  return { running, isVisited: () => isThere };
}

describe('a trial', () => {
  it('is over some seconds after the box is back, and as expected where few enough failed', () => {
    const { running, isVisited } = trial();
    expect(running.look(false, 1000)).toMatchObject({ isOver: false, verdict: 'being measured' });
    expect(running.look(true, 3000)).toMatchObject({ isOver: false, backAfter: 3 });
    expect(isVisited()).toBe(true);
    expect(running.look(true, 11_000)).toMatchObject({ isOver: true, backAfter: 3, verdict: 'as expected' });
    expect(isVisited()).toBe(false);
  });

  it('begins to wait anew where the box is gone again', () => {
    const { running } = trial();
    running.look(true, 1000);
    running.look(false, 2000);
    expect(running.look(true, 7000)).toMatchObject({ isOver: false, backAfter: 7 });
  });

  it.each([
    [{ requests: 100, failed: 3 }, 3000, 'at most 2 % were to fail'],
    [{ requests: 100, failed: 0 }, 11_000, 'took longer than 10 s'],
  ])('is not as expected with %j, back after %d ms', (fared, back, why) => {
    const { running } = trial(fared);
    running.look(true, back);
    expect(running.look(true, back + 8000).verdict).toContain(why);
  });

  it('ends after two minutes without the box', () => {
    expect(trial().running.look(false, 120_001).verdict).toContain('it is not back');
  });

  it('has a fault that stays stand as long as the reader lets it', () => {
    const stays = (failed: number) => trial({ requests: 100, failed }, Number.POSITIVE_INFINITY).running;
    expect(stays(1).look(false, 120_001).verdict).toBe('as expected so far: nobody has taken it back');
    expect(stays(9).look(false, 120_001).verdict).toContain('at most 2 % were to fail');
  });
});
