/** The queues' page, for the process that shows it: apart from the index, since no other one is to load it. */
export { adminApp } from './admin-app.ts';
export { sqlAdmins } from './admins.ts';
export { queueBoard } from './queue-board.ts';
