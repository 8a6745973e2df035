/** What the page has a mail server do wrong, of all that it can. */
export const OFFERED_MAIL_FAULTS = ['refuse', 'hang', '451', 'none'] as const;
