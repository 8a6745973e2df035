import { posix } from 'node:path';
import type { Sources } from './flatten/sources.ts';

/** Tests of a single module, which need nothing but what they test. */
const UNIT_TESTS = [
  ...['config', 'context', 'passwords', 'smtp-mailer'].map((name) => `shared/core/test/${name}.test.ts`),
  ...['circuit-breaker', 'load-gate'].map((name) => `stages/day15-cache/test/${name}.test.ts`),
  ...['choose-node', 'client-cookie', 'lag', 'sharded/ids'].map((name) => `stages/day45-replicas/test/${name}.test.ts`),
  'stages/day75-queue/test/delivery.test.ts',
  ...['admission', 'next-limit'].map((name) => `stages/day90-full/test/${name}.test.ts`),
];

/**
 * Those that go with a project: of modules that it has.
 * @param modules - Paths of all that its processes reach.
 */
export function unitTestsOf(sources: Sources, modules: ReadonlySet<string>): string[] {
  return UNIT_TESTS.filter((path) => {
    const taken = [...sources.module(path).imports.values()].map(({ from }) => posix.join(posix.dirname(path), from));
    return taken.filter((from) => from.includes('/src/')).every((from) => modules.has(from));
  });
}
