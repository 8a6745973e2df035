import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from '../src/circuit-breaker.ts';

/** A breaker on a clock of its own, and how many of ten calls it lets through now. */
function breakerAt() {
  const clock = { ms: 0 };
  const breaker = new CircuitBreaker(() => clock.ms);
  const fail = (times: number) => {
    for (let n = 0; n < times; n++) if (breaker.lets()) breaker.failed();
  };
  return {
    clock,
    breaker,
    fail,
    letThrough: () => Array.from({ length: 10 }, () => breaker.lets()).filter(Boolean).length,
  };
}

describe('CircuitBreaker', () => {
  it('opens with the fifth failure in a row', () => {
    const { breaker, fail, letThrough } = breakerAt();
    fail(4);
    expect(letThrough()).toBe(10);
    breaker.succeeded();
    fail(4);
    expect(letThrough()).toBe(10);
    fail(1);
    expect(letThrough()).toBe(0);
  });

  it('lets exactly one call try again after a second, and the next a second after that', () => {
    const { clock, breaker, fail, letThrough } = breakerAt();
    fail(5);
    clock.ms = 999;
    expect(letThrough()).toBe(0);
    clock.ms = 1000;
    expect(letThrough()).toBe(1);
    breaker.failed();
    clock.ms = 1999;
    expect(letThrough()).toBe(0);
    clock.ms = 2000;
    expect(letThrough()).toBe(1);
  });

  it('stays open while the answer to that one is awaited, and closes with it', () => {
    const { clock, breaker, fail, letThrough } = breakerAt();
    fail(5);
    clock.ms = 1000;
    expect(letThrough()).toBe(1);
    clock.ms = 1200;
    expect(letThrough()).toBe(0);
    breaker.succeeded();
    expect(letThrough()).toBe(10);
    fail(4);
    expect(letThrough()).toBe(10);
  });
});
