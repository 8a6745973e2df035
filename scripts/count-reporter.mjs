import { writeFileSync } from 'node:fs';

/** Tells scripts/test.ts how a run ended, in the file it names. */
export default class CountReporter {
  onRunComplete(_contexts, { testResults }) {
    const files = testResults.map(
      ({ testFilePath: path, numPassingTests: passed, numFailingTests, testExecError }) => ({
        path,
        passed,
        // A suite that could not even be loaded has no failed test of its own, and must not read as a success.
        failed: numFailingTests + (testExecError && numFailingTests === 0 ? 1 : 0),
      }),
    );
    if (process.env.TEST_OUTCOME) writeFileSync(process.env.TEST_OUTCOME, JSON.stringify(files));
  }
}
