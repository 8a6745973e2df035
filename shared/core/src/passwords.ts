import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

const argon2Async = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>;

/**
 * argon2id with 19 MiB, two passes, one lane: about 30 ms on one core.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };
const SALT_BYTES = 16;

/** Twice the cores keep them busy; more at once would only take 19 MiB each and make every login late. */
const hashSlots = semaphore(2 * availableParallelism());

/**
 * Hashes a password for storage.
 * @returns A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`.
 * @see https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await derive(password, salt, COST);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`;
}

/**
 * Tells whether a password fits a PHC string. Without one (an unknown account) it does the same work and answers
 * `false`, so that the time taken does not tell which addresses have an account.
 */
export async function verifyPassword(password: string, phc: string | undefined): Promise<boolean> {
  const stored = phc === undefined ? undefined : parse(phc);
  const expected = stored ?? { salt: Buffer.alloc(SALT_BYTES), tag: Buffer.alloc(COST.tagLength), cost: COST };
  const tag = await derive(password, expected.salt, expected.cost);
  return timingSafeEqual(tag, expected.tag) && stored !== undefined;
}

/** Tells whether a hash was made with other parameters than today's, so that the next login can replace it. */
export function needsRehash(phc: string): boolean {
  const { cost } = parse(phc);
  return (Object.keys(COST) as (keyof typeof COST)[]).some((name) => cost[name] !== COST[name]);
}

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  return hashSlots(() => argon2Async('argon2id', { message: password, nonce: salt, ...cost }));
}

function parse(phc: string): { salt: Buffer; tag: Buffer; cost: typeof COST } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc);
  if (!match) throw new Error('A stored password hash is no argon2id PHC string.');
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  const tagBytes = Buffer.from(tag, 'base64');
  return {
    salt: Buffer.from(salt, 'base64'),
    tag: tagBytes,
    cost: {
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
      tagLength: tagBytes.length,
    },
  };
}

/** PHC strings use base64 without padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

function semaphore(slots: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = slots;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
