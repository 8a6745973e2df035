/** Ends the run with `N passed, N failed` alone on the last line, which scripts and CI read. */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    // A suite that could not even be loaded has no failed test of its own, and must not read as a success.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.once('exit', () => process.stdout.write(`${results.numPassedTests} passed, ${failed} failed\n`));
  }
}
