'use strict';
// Gets what a bare clone lacks: Node 24 when the system's is older, then node_modules.
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { withLock } = require('./lock.cjs');
const { run, throwIfStopped } = require('./child.cjs');

const ROOT = path.resolve(__dirname, '../..');
const NODE_FOLDER = path.join(__dirname, 'node');
const LOCK_FILE = path.join(__dirname, '.state/install.lock');
const MARKER = path.join(ROOT, 'node_modules/.sluice-install');
// A killed launcher must not leave an npm behind that writes beside the next one.
const GUARD = path.join(__dirname, 'guard.cjs');
const WANTED_MAJOR = 24;

const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

// npm tells its scripts its own settings through the environment. Those of where to fetch from must
// reach the inner npm; those of the outer command (--json, --silent, a prefix …) would break it.
const KEPT_SETTING =
  /^npm_config_(registry|userconfig|globalconfig|cache|.*proxy|ca|cafile|strict_ssl|offline|prefer_offline|fetch_.*|maxsockets|@.*|\/\/.*)$/i;

function innerEnvironment(extraPath) {
  const environment = {};
  for (const [name, value] of Object.entries(process.env)) {
    const fromNpm = /^npm_/i.test(name) || name === 'INIT_CWD' || name === 'NODE_OPTIONS';
    if (!fromNpm || KEPT_SETTING.test(name)) environment[name] = value;
  }
  environment.SLUICE_GUARD_SIGNAL = 'SIGKILL';
  if (extraPath) environment.PATH = `${extraPath}${path.delimiter}${process.env.PATH ?? ''}`;
  return environment;
}

// stdout stays free for the target: with `npm run -s … | jq` nothing else may appear there.
const TO_STDERR = ['ignore', 2, 2];

async function npmCiOnce(node, cwd) {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Asked politely, npm rolls back for many seconds; the next install begins from nothing anyway.
  const options = { stopWith: 'SIGKILL', cwd, stdio: TO_STDERR, env: innerEnvironment(path.dirname(node)) };
  const cli = process.env.npm_execpath;
  return /npm-cli\.[cm]?js$/.test(cli ?? '')
    ? run(node, ['--require', GUARD, cli, ...args], options)
    : run('npm', args, { ...options, shell: process.platform === 'win32' });
}

async function npmCi(node, cwd) {
  const started = Date.now();
  let code = await npmCiOnce(node, cwd);
  if (code !== 0) {
    throwIfStopped();
    // A dropped connection, or what an interrupted install left behind: once more, from nothing.
    process.stderr.write('npm ci failed; trying once more…\n');
    fs.rmSync(path.join(cwd, 'node_modules'), { recursive: true, force: true, maxRetries: 3 });
    code = await npmCiOnce(node, cwd);
  }
  if (code !== 0) throw new Error(`npm ci failed with code ${code} in ${path.relative(ROOT, cwd) || '.'}`);
  process.stderr.write(`installed in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

function packagedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const wanted = readJson(path.join(NODE_FOLDER, 'package.json')).optionalDependencies[name];
  const folder = path.join(NODE_FOLDER, 'node_modules', name);
  return {
    wanted,
    folder,
    binary: path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  };
}

function isInstalled({ folder, wanted, binary }) {
  return fs.existsSync(binary) && readJson(path.join(folder, 'package.json')).version === wanted;
}

/** Path of a Node that is new enough; may install one under infra/toolchain/node. */
async function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) return process.execPath;
  const packaged = packagedNode();
  const unavailable = `Node ${WANTED_MAJOR} is needed and this machine has ${process.version}. Please install it.`;
  if (!packaged.wanted) throw new Error(unavailable);
  if (isInstalled(packaged)) return packaged.binary;
  await withLock(LOCK_FILE, async () => {
    if (isInstalled(packaged)) return;
    process.stderr.write(`fetching Node ${packaged.wanted} (this machine has ${process.version})…\n`);
    await npmCi(process.execPath, NODE_FOLDER);
  });
  if (!isInstalled(packaged)) throw new Error(unavailable);
  return packaged.binary;
}

function lockHash() {
  return crypto
    .createHash('sha256')
    .update(fs.readFileSync(path.join(ROOT, 'package-lock.json')))
    .digest('hex');
}

// npm keeps a lock of what lies in node_modules. After a plain `npm install` it equals the committed
// one, and installing everything again would only disturb whoever works in this tree.
function holdsEverything() {
  const wanted = readJson(path.join(ROOT, 'package-lock.json')).packages;
  const present = readJson(path.join(ROOT, 'node_modules/.package-lock.json')).packages;
  const same = (name) =>
    present[name]?.version === wanted[name].version && present[name]?.integrity === wanted[name].integrity;
  return Object.keys(wanted).every(
    (name) => name === '' || same(name) || (wanted[name].optional && !present[name]),
  );
}

function isFresh() {
  try {
    if (fs.readFileSync(MARKER, 'utf8') === lockHash()) return true;
  } catch {
    // not installed by us
  }
  try {
    return holdsEverything();
  } catch {
    return false;
  }
}

/** Brings node_modules to what package-lock.json says. */
async function ensureModules(node) {
  if (isFresh()) return;
  await withLock(LOCK_FILE, async () => {
    if (isFresh()) return;
    process.stderr.write('installing dependencies…\n');
    const hash = lockHash();
    await npmCi(node, ROOT);
    fs.writeFileSync(MARKER, hash);
  });
}

module.exports = { ensureNode, ensureModules };
