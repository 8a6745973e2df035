import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readDelivery, UnreadableJobError } from '../src/delivery.ts';

const ID = randomUUID();
const MAIL = { name: 'welcome-mail', to: 'ada@day90.test', userName: 'Ada' };
const around = (job: object, more: object = {}) => ({ job, requestId: 'r-1', createdAt: 1, ...more });

describe('readDelivery', () => {
  it.each([
    MAIL,
    { name: 'account-exists-mail', to: 'ada@day90.test' },
    { name: 'recommendations', userId: '42' },
    { name: 'picture-sizes', picture: `${ID}.webp` },
  ])('takes %j as it is', (job) => {
    expect(readDelivery(ID, around(job))).toEqual({ id: ID, ...around(job) });
  });

  it.each<[string, string | undefined, unknown, RegExp]>([
    ['an id that is none of ours', '1', around(MAIL), /^This is no job: id: /],
    ['no id', undefined, around(MAIL), /id: /],
    ['nothing', ID, undefined, /data: /],
    ['a job that does not exist', ID, around({ name: 'delete-all' }), /job\.name: /],
    ['a field that is gone', ID, around({ name: 'welcome-mail', to: 'ada@day90.test' }), /job\.userName: /],
    ['a field that is new', ID, around({ ...MAIL, cc: 'eve@day90.test' }), /job: .*cc/],
    ['another field beside the job', ID, around(MAIL, { admin: true }), /data: .*admin/],
    [
      'a header smuggled into an address',
      ID,
      around({ ...MAIL, to: 'a@day90.test\r\nBcc: b@day90.test' }),
      /job\.to: /,
    ],
    ['a header smuggled into a name', ID, around({ ...MAIL, userName: 'Ada\r\nBcc: b@day90.test' }), /job\.userName: /],
    ['a path for a picture', ID, around({ name: 'picture-sizes', picture: `../${ID}.webp` }), /job\.picture: /],
    ['an id of SQL', ID, around({ name: 'recommendations', userId: '1; DROP TABLE users' }), /job\.userId: /],
  ])('refuses %s, and says what is wrong', (_, id, data, message) => {
    expect(() => readDelivery(id, data)).toThrow(UnreadableJobError);
    expect(() => readDelivery(id, data)).toThrow(message);
  });
});
