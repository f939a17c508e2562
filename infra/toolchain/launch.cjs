'use strict';
// Every npm script of the project comes through here: from a bare clone to a running command.
// Plain CommonJS without dependencies, because it runs before node_modules exists and on an older Node.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { build } = require('./build.cjs');
const { listen, run, throwIfStopped, Stopped } = require('./child.cjs');
const { waitForEnding } = require('./servers.cjs');
const { ensureModules, ensureNode } = require('./install.cjs');

const ROOT = path.resolve(__dirname, '../..');
// The embedded event log is node:sqlite, which still announces itself as experimental on every start.
const NODE_FLAGS = ['--enable-source-maps', '--disable-warning=ExperimentalWarning'];

const TARGETS = {
  start: { main: 'dist/apps/standalone/main.js', server: true },
  'event-node': { main: 'dist/apps/event-node/main.js', server: true },
  bench: { main: 'dist/e2e/bench/main.js' },
  'demo:token': { main: 'dist/apps/cli/main.js', args: ['demo-token'] },
  verify: { main: 'dist/apps/cli/main.js', args: ['verify'] },
  'verify:proof': { main: 'dist/apps/cli/main.js', args: ['verify-proof'] },
  seed: { main: 'dist/apps/cli/main.js', args: ['seed'] },
  check: { main: 'dist/infra/quality/main.js' },
};

// npm's own variables would make an npm started by the target believe that it runs inside this script.
function targetEnvironment(node) {
  const environment = { ...process.env };
  for (const name of Object.keys(environment))
    if (name.startsWith('npm_lifecycle_')) delete environment[name];
  environment.PATH = `${path.dirname(node)}${path.delimiter}${environment.PATH ?? ''}`;
  environment.SLUICE_LAUNCHER_PID = String(process.pid);
  return environment;
}

function runTarget(node, target, extra) {
  const { main, args = [], server = false } = TARGETS[target];
  if (!fs.existsSync(path.join(ROOT, main)))
    throw new Error(`nothing to run for "${target}": ${main} does not exist`);
  const guard = server ? ['--require', path.join(__dirname, 'guard.cjs')] : [];
  return run(node, [...NODE_FLAGS, ...guard, path.join(ROOT, main), ...args, ...extra], {
    cwd: ROOT,
    stdio: 'inherit',
    env: targetEnvironment(node),
    ownGroup: server,
  });
}

function jestArguments(extra) {
  const reporter = path.join(__dirname, 'jest-reporter.cjs');
  const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js');
  return [
    '--experimental-vm-modules',
    ...NODE_FLAGS,
    jest,
    '--reporters',
    reporter,
    '--passWithNoTests',
    ...extra,
  ];
}

// Jest's report goes to stderr, the closing line to stdout after jest has ended: it is the last one
// however the two are merged.
async function runTests(node, extra) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-test-'));
  const resultFile = path.join(folder, 'result.json');
  try {
    const env = { ...targetEnvironment(node), SLUICE_TEST_RESULT: resultFile };
    const code = await run(node, jestArguments(extra), { cwd: ROOT, stdio: ['ignore', 2, 2], env });
    throwIfStopped();
    const counted = fs.existsSync(resultFile) ? JSON.parse(fs.readFileSync(resultFile, 'utf8')) : undefined;
    return { code, ...counted };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function closeTests({ code = 1, passed = 0, failed = 0, skipped = 0 }) {
  if (passed + failed === 0) process.stderr.write('no test was executed: that counts as a failure\n');
  process.stdout.write(
    `Tests: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
  );
  return code !== 0 || failed > 0 || passed === 0 ? code || 1 : 0;
}

async function prepare() {
  const node = await ensureNode();
  await ensureModules(node);
  throwIfStopped();
  await build();
  throwIfStopped();
  return node;
}

async function launchTests(extra) {
  try {
    return closeTests(await runTests(await prepare(), extra));
  } catch (error) {
    if (error instanceof Stopped) throw error;
    process.stderr.write(`${error.message}\n`);
    return closeTests({}); // even then the closing line is there: whoever reads it must not find an old one
  }
}

async function launch(target, extra) {
  if (target === 'test') return launchTests(extra);
  if (!TARGETS[target])
    throw new Error(`unknown command "${target}"; known: test, ${Object.keys(TARGETS).join(', ')}`);
  const node = await prepare();
  if (TARGETS[target].server) await waitForEnding();
  return runTarget(node, target, extra);
}

listen();
launch(process.argv[2], process.argv.slice(3)).then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode ?? 1);
  },
);
