// Prints the count of a Jest run, `N passed, N failed[, N skipped]`. Fails when something failed, a test
// file could not run, or no test did.
import { readFileSync } from 'node:fs';

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {
      numPassedTests: 0,
      numFailedTests: 0,
      numPendingTests: 0,
      numRuntimeErrorTestSuites: 1,
    };
  }
}

const results = read(process.argv[2]);
const passed = results.numPassedTests;
// A file that could not run counts as one failure: its tests are not known.
const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
const skipped = results.numPendingTests + (results.numTodoTests ?? 0);

process.stdout.write(
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
);
process.exitCode = failed > 0 || passed === 0 || results.success === false ? 1 : 0;
