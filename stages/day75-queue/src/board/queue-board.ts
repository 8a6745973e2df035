import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { DomainError, type RequestHandler } from '@day90/core';
import { QUEUES } from '../queue-names.ts';
import type { Queues } from '../queues.ts';
import type { AdminPage } from './admin-app.ts';

const PATH = '/queues';
/** Its own address is in a `<base>`, it styles elements by attribute, and its pictures are in its style sheet. */
const POLICY = {
  baseUri: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
};

/**
 * The queues as Bull Board shows them: what waits, what failed and why.
 * @param options.BOARD_WRITES - Lets it retry, promote and remove jobs, if the user in the queue's URL may, too.
 */
export function queueBoard(queues: Queues, { BOARD_WRITES }: { BOARD_WRITES: boolean }): AdminPage {
  const server = new ExpressAdapter().setBasePath(PATH);
  createBullBoard({
    queues: QUEUES.map((name) => new BullMQAdapter(queues.of(name), { readOnlyMode: !BOARD_WRITES })),
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'Queues', miscLinks: [{ text: 'Log out', url: '/logout' }] } },
  });
  return { path: PATH, policy: POLICY, handlers: [...(BOARD_WRITES ? [] : [readOnly]), server.getRouter()] };
}

/** Bull Board's own switch is one check in each of its handlers, and some of them have none. */
const readOnly: RequestHandler = (req, _res, next) => {
  if (req.method !== 'GET' && req.method !== 'HEAD')
    throw new DomainError('forbidden', 'The queues can only be read here.');
  next();
};
