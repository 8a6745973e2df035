import { createLogger } from '@day90/core';

export const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });
