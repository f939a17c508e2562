'use strict';
// Worker threads and child processes started by a test load from dist/: jest compiles only its own modules.
const { build } = require('./build.cjs');

module.exports = async function prepareDist() {
  try {
    await build();
  } catch (error) {
    // The output of a broken file is removed, so a test that needs it fails by itself; the others
    // may run. `npm test` builds beforehand and refuses to start.
    process.stderr.write(`${error.message}\n`);
  }
};
