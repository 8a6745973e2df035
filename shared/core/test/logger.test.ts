import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const LOGGER = fileURLToPath(new URL('../src/logger.ts', import.meta.url));
/** Writes far more than it may, and says on standard error that it got to its end. */
const SCRIPT = `
  const { createLogger } = await import(${JSON.stringify(LOGGER)});
  const logger = createLogger({ LOG_LEVEL: 'info', BOX: 'test' });
  for (let n = 0; n < 200; n++) logger.info({ n, text: 'x'.repeat(50) }, 'line');
  process.stderr.write('at its end');
`;

it('goes on, and ends, when the disk that logs are written to is full', () => {
  const node = `'${process.execPath}' --input-type=module`;
  // A limit of 4 blocks stands for a disk of that size.
  const { stderr, status } = spawnSync(
    'sh',
    ['-c', `ulimit -f 4; file=$(mktemp); ${node} > "$file"; code=$?; rm "$file"; exit $code`],
    {
      input: SCRIPT,
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  expect([status, stderr]).toEqual([0, 'at its end']);
});
