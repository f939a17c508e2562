'use strict';
// `kill` on npm ends npm at once while the server behind it still drains and holds its port and its
// data. A start right after that waits for the old server instead of failing.
const fs = require('node:fs');
const path = require('node:path');
const { identify, isAlive, sleep } = require('./processes.cjs');

const FOLDER = path.join(__dirname, '.state');
const WAIT_LIMIT_MS = 12_000; // a little more than the drain itself may take
const POLL_MS = 100;

const fileOf = (pid) => path.join(FOLDER, `server-${pid}.json`);

function write(pid, draining) {
  fs.mkdirSync(FOLDER, { recursive: true });
  const server = { server: identify(pid), launcher: identify(process.pid), draining };
  fs.writeFileSync(fileOf(pid), JSON.stringify(server));
}

const begun = (pid) => write(pid, false);
const draining = (pid) => write(pid, true);
const ended = (pid) => fs.rmSync(fileOf(pid), { force: true });

function isEnding(file) {
  try {
    const state = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (isAlive(state.server)) return state.draining || !isAlive(state.launcher);
    fs.rmSync(file, { force: true });
  } catch {
    // removed meanwhile, or half written: the next look tells
  }
  return false;
}

function someEnding() {
  if (!fs.existsSync(FOLDER)) return false;
  const files = fs.readdirSync(FOLDER).filter((name) => name.startsWith('server-'));
  return files.map((name) => path.join(FOLDER, name)).filter(isEnding).length > 0;
}

/** Waits until every server of this tree that is ending has ended, at most 12 s. A running one is left alone. */
async function waitForEnding() {
  const giveUpAt = Date.now() + WAIT_LIMIT_MS;
  while (Date.now() < giveUpAt && someEnding()) await sleep(POLL_MS);
}

module.exports = { begun, draining, ended, waitForEnding };
