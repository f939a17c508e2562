'use strict';
// One holder at a time for install and build: `npm test` beside a running `npm start` must not see
// half a node_modules or half a dist. A lock whose holder died is taken over.
const fs = require('node:fs');
const path = require('node:path');
const { identify, isAlive, sleep } = require('./processes.cjs');

const POLL_MS = 100;
const WAIT_LIMIT_MS = 15 * 60_000;
// A lock file is written right after it is created; an empty one older than this has lost its writer.
const EMPTY_GRACE_MS = 5_000;
// An npm whose launcher was killed notices within this time (guard.cjs) and ends.
const ORPHAN_GRACE_MS = 1_500;

function isStale(file) {
  try {
    const text = fs.readFileSync(file, 'utf8');
    if (text === '') return Date.now() - fs.statSync(file).mtimeMs > EMPTY_GRACE_MS;
    return !isAlive(JSON.parse(text));
  } catch {
    return false; // gone meanwhile, or unreadable for the moment: look again at the next turn
  }
}

function tryTake(file) {
  try {
    fs.writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

// Two waiters may find the same stale lock: renaming it aside lets exactly one of them remove it.
function removeStale(file) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    fs.renameSync(file, aside);
    if (isStale(aside)) fs.rmSync(aside, { force: true });
    else fs.renameSync(aside, file);
  } catch {
    // another waiter was first
  }
}

async function take(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const giveUpAt = Date.now() + WAIT_LIMIT_MS;
  let told = false;
  while (!tryTake(file)) {
    if (isStale(file)) {
      removeStale(file);
      await sleep(ORPHAN_GRACE_MS);
      continue;
    }
    if (Date.now() > giveUpAt)
      throw new Error(`still locked after ${WAIT_LIMIT_MS / 60_000} minutes: ${file}`);
    if (!told) process.stderr.write('waiting for another install or build in this folder…\n');
    told = true;
    await sleep(POLL_MS);
  }
}

/** Runs `work` while holding `file`; waits for the present holder, at most 15 minutes. */
async function withLock(file, work) {
  await take(file);
  const release = () => fs.rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

module.exports = { withLock };
