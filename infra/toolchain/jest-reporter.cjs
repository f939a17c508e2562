'use strict';
// One line per test file, the failures in full, and no summary of its own: the launcher writes the
// one closing line after jest has ended, from the numbers left here.
const fs = require('node:fs');
const path = require('node:path');

// A test that leaves a server or a timer open keeps jest alive for ever; the results are complete by then.
const EXIT_LIMIT_MS = 15_000;

const write = (text) => process.stderr.write(`${text}\n`);

function consoleOf(result) {
  return (result.console ?? []).map((entry) => `  ${entry.type}: ${entry.message}`);
}

class Reporter {
  constructor(globalConfig) {
    this.rootDir = globalConfig.rootDir;
  }

  onTestResult(_test, result) {
    const file = path.relative(this.rootDir, result.testFilePath);
    const tests = result.numPassingTests + result.numFailingTests;
    const seconds = ((result.perfStats.end - result.perfStats.start) / 1000).toFixed(1);
    const failed = result.numFailingTests > 0 || result.testExecError;
    write(`${failed ? 'FAIL' : 'pass'} ${file} (${tests} tests, ${seconds} s)`);
    if (failed) write([result.failureMessage, ...consoleOf(result)].join('\n'));
  }

  onRunComplete(_contexts, results) {
    const counted = {
      passed: results.numPassedTests,
      // A file that could not even be loaded has no tests to count, but it must not look like success.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    if (process.env.SLUICE_TEST_RESULT)
      fs.writeFileSync(process.env.SLUICE_TEST_RESULT, JSON.stringify(counted));
    setTimeout(() => {
      write(`a test left something open; jest ended by force after ${EXIT_LIMIT_MS / 1000} s`);
      process.exit(results.success ? 0 : 1);
    }, EXIT_LIMIT_MS).unref();
  }
}

module.exports = Reporter;
