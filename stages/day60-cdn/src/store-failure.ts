import { DomainError, type Logger, UnavailableError } from '@day90/core';

/** A full disk, a used up quota of the disk, a file larger than a limit allows; and what S3 servers call them. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'QuotaExceeded', 'StorageFull', 'InsufficientStorage']);

/** What a client is told of a failure of the store; the log is told all of it. */
export function storeFailure(error: unknown, logger: Logger): DomainError {
  logger.warn({ err: error }, 'the store of pictures has failed');
  const { code, name } = error as { code?: string; name?: string };
  const full = FULL.has(code ?? '') || FULL.has(name ?? '');
  return full
    ? new DomainError('no_room', 'There is no room for another picture.', { cause: error })
    : new UnavailableError('Pictures are out of reach.', { cause: error });
}
