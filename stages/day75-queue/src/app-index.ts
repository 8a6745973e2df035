/** What an app has of this step: apart from the index, since no app is to load a queue. */
export { outboxJobs } from './outbox-jobs.ts';
export { sizedPictures } from './sized-pictures.ts';
