import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../src/drill/http-client.ts';
import { audit, Ledger, type Write } from '../src/drill/ledger.ts';

const member = { id: '1', email: '', cookie: 'sid=1', logins: 1 };
const problem = { 'content-type': 'application/problem+json; charset=utf-8' };

/** A write with the fate it has, under a title of its own. */
function write(kind: Write['kind'], title: string, fate: Write['fate'], id?: string): Write {
  return { kind, title, member, fate, ...(id !== undefined && { id }) };
}

describe('the fate of a write', () => {
  function fateOf(kind: Write['kind'], answer: Partial<Answer>, unavailable?: 'unknown') {
    const ledger = new Ledger('test', unavailable);
    const entry = ledger.open({ kind, member });
    const body = answer.body ?? JSON.stringify({ id: '9', title: entry.title });
    ledger.close(entry, { status: 0, headers: {}, ...answer, body });
    return entry.fate;
  }

  it.each([
    ['create', { status: 201 }, 'acked'],
    ['update', { status: 200 }, 'acked'],
    ['create', { status: 201, body: '{"id":"9","title":"of somebody else"}' }, 'unknown'],
    ['create', { status: 201, body: 'null' }, 'unknown'],
    ['create', { status: 401 }, 'rejected'],
    ['create', { status: 408 }, 'unknown'],
    ['create', { status: 0, error: 'ECONNRESET' }, 'unknown'],
    ['create', { status: 500 }, 'unknown'],
    ['create', { status: 502 }, 'unknown'],
    ['create', { status: 503 }, 'unknown'],
    ['create', { status: 503, headers: problem }, 'rejected'],
    ['update', { status: 412 }, 'unknown'],
    ['create', { status: 409 }, 'rejected'],
    ['keyed', { status: 409 }, 'unknown'],
  ] as const)('%s answered %j is %s', (kind, answer, fate) => {
    expect(fateOf(kind, answer)).toBe(fate);
  });

  it('is unknown for an app’s 503 where a drill says that the app can’t know', () => {
    expect(fateOf('create', { status: 503, headers: problem }, 'unknown')).toBe('unknown');
  });

  it('is known from the moment of the load in which it was answered, and of no other', () => {
    const ledger = new Ledger('test');
    const entry = ledger.open({ kind: 'create', member });
    ledger.close(entry, { status: 0, headers: {}, body: '' }, 20);
    ledger.close(entry, { status: 201, headers: {}, body: JSON.stringify({ id: '9', title: entry.title }) });
    expect(entry).toMatchObject({ fate: 'acked', answeredAt: 20 });
  });

  it('is unknown until there is an answer', () => {
    expect(new Ledger('test').open({ kind: 'create', member }).fate).toBe('unknown');
  });
});

describe('the audit', () => {
  const wrong = (writes: Write[], stored: { id: string; title: string }[]) => {
    const { lost, doubled, ghosts } = audit(writes, stored);
    const titles = (list: Write[]) => list.map(({ title }) => title);
    return { lost: titles(lost), doubled: titles(doubled), ghosts: titles(ghosts) };
  };
  const nothing = { lost: [], doubled: [], ghosts: [] };

  it('finds nothing where acknowledged posts are there once, refused ones not, and unknown ones may be either', () => {
    const writes = [
      write('create', 'a', 'acked'),
      write('create', 'b', 'rejected'),
      write('keyed', 'c', 'unknown'),
      write('create', 'd', 'unknown'),
    ];
    expect(
      wrong(writes, [
        { id: '1', title: 'a' },
        { id: '2', title: 'c' },
      ]),
    ).toEqual(nothing);
  });

  it('names an acknowledged post that is not there', () => {
    expect(wrong([write('create', 'a', 'acked')], [])).toEqual({ ...nothing, lost: ['a'] });
  });

  it('names a refused post that is there', () => {
    expect(wrong([write('create', 'a', 'rejected')], [{ id: '1', title: 'a' }])).toEqual({ ...nothing, ghosts: ['a'] });
  });

  it.each(['acked', 'unknown'] as const)('names an %s post that is there twice', (fate) => {
    const twice = [
      { id: '1', title: 'a' },
      { id: '2', title: 'a' },
    ];
    expect(wrong([write('keyed', 'a', fate)], twice)).toEqual({ ...nothing, doubled: ['a'] });
  });

  it.each([
    ['the last acknowledged title', ['a acked', 'b acked'], 'b', nothing],
    ['an unknown title that came later', ['a acked', 'b unknown'], 'b', nothing],
    ['the title before an unknown one', ['a acked', 'b unknown'], 'a', nothing],
    ['the title from before, if nothing was acknowledged', ['a unknown'], 'seeded', nothing],
    ['an older title', ['a acked', 'b acked'], 'a', { ...nothing, lost: ['b'] }],
    ['the title from before an acknowledged one', ['a acked'], 'seeded', { ...nothing, lost: ['a'] }],
    [
      'an unknown title that came before an acknowledged one',
      ['a unknown', 'b acked'],
      'a',
      { ...nothing, lost: ['b'] },
    ],
    ['a refused title', ['a acked', 'b rejected'], 'b', { ...nothing, lost: ['a'], ghosts: ['b'] }],
  ])('of a changed post that bears %s', (_what, changes, title, found) => {
    const writes = changes.map((change) => {
      const [own = '', fate] = change.split(' ');
      return write('update', own, fate as Write['fate'], '7');
    });
    expect(wrong(writes, [{ id: '7', title }])).toEqual(found);
  });
});
