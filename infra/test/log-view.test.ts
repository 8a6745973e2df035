import { describe, expect, it } from '@jest/globals';
import { renderLine } from '../src/log-view.ts';

describe('a log line on the terminal', () => {
  it.each([
    [
      'of pino-http',
      {
        level: 30,
        msg: 'request completed',
        req: { method: 'GET', url: '/posts' },
        res: { statusCode: 200 },
        responseTime: 12.4,
      },
      'info request completed GET /posts 200 12 ms',
    ],
    [
      'with an error',
      { level: 50, msg: 'failed', err: { message: 'no such table', stack: 'x' } },
      'error failed no such table',
    ],
    ['with a level in words', { level: 'warn', msg: 'slow' }, 'warn slow'],
  ])('%s is short', (_, entry, text) => {
    expect(renderLine(JSON.stringify(entry))).toBe(text);
  });

  it('that is no JSON stays as it is', () => {
    expect(renderLine('Listening on 3001')).toBe('Listening on 3001');
    expect(renderLine('{ cut off')).toBe('{ cut off');
  });

  it('cannot speak to the terminal', () => {
    const url = '/\u001b[2J\u0007\u009b31mx';
    const text = renderLine(JSON.stringify({ level: 30, msg: '', req: { method: 'GET', url } }));
    expect(text).not.toMatch(/\p{Cc}/u);
  });
});
