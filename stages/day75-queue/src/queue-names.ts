import type { Job } from '@day90/core';

/**
 * One queue for each kind of work that must not wait behind another: a mail is not to stand behind ten thousand
 * recommendations, nor these behind a mail server that is slow.
 */
export const QUEUES = ['mails', 'recommendations', 'pictures'] as const;
export type QueueName = (typeof QUEUES)[number];

/** The queue of each job. */
export const QUEUE_OF: Record<Job['name'], QueueName> = {
  'welcome-mail': 'mails',
  'account-exists-mail': 'mails',
  recommendations: 'recommendations',
  'picture-sizes': 'pictures',
};
