'use strict';
// Runs one child at a time and makes sure that it ends when the launcher is asked to end.
//
// Why so careful: npm's shell forwards no signal, a terminal's Ctrl-C reaches the whole process group,
// and npm may forward the same signal a second time. Nest takes the first signal as "drain" and dies
// at once on the second. So a long-running child gets its own process group, and from us exactly one
// signal, whoever asked and however often.
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const servers = require('./servers.cjs');

const DRAIN_LIMIT_MS = 10_000;
const PARENT_POLL_MS = 250;

class Stopped extends Error {
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.exitCode = 128 + (os.constants.signals[signal] ?? 15);
  }
}

let stopSignal;
let active;

function killActive(signal) {
  if (!active || active.child.exitCode !== null) return;
  try {
    if (signal === 'SIGKILL' && active.ownGroup) process.kill(-active.child.pid, signal);
    else active.child.kill(signal);
  } catch {
    // it ended meanwhile
  }
}

function stop(signal) {
  if (stopSignal) return;
  stopSignal = signal;
  if (active?.ownGroup) servers.draining(active.child.pid);
  killActive(active?.stopWith ?? signal);
  setTimeout(() => {
    if (active) process.stderr.write(`no end after ${DRAIN_LIMIT_MS / 1000} s: killed\n`);
    killActive('SIGKILL');
  }, DRAIN_LIMIT_MS).unref();
}

function parentOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

// npm runs us through `sh -c`; some shells stay between npm and us, others step aside. The one that
// stays carries our command line, and then npm is its parent.
function shellBetween() {
  try {
    const commandLine = fs.readFileSync(`/proc/${process.ppid}/cmdline`, 'utf8').split('\0');
    return commandLine[1] === '-c' && commandLine[2]?.includes('launch.cjs');
  } catch {
    return false;
  }
}

function watchParent() {
  const parent = process.ppid;
  const npm = shellBetween() ? parentOf(parent) : undefined;
  setInterval(() => {
    const lost = process.ppid !== parent || (npm !== undefined && parentOf(parent) !== npm);
    if (lost) stop('SIGTERM');
  }, PARENT_POLL_MS).unref();
}

/** Call once, first of all. */
function listen() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => stop(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  }
  // Started by hand (`node launch.cjs start &`) it may outlive its shell; started by npm it must not outlive npm.
  if (process.env.npm_lifecycle_event || process.env.npm_execpath) watchParent();
}

/**
 * Runs a command to its end and gives its exit code (128 + signal number when a signal ended it).
 * `ownGroup`: for servers, see above. `stopWith`: the signal to end it with, instead of the one we got.
 * Rejects with `Stopped` when the launcher was asked to end before it began.
 */
function run(command, args, { ownGroup = false, stopWith, ...options } = {}) {
  if (stopSignal) return Promise.reject(new Stopped(stopSignal));
  const detached = ownGroup && process.platform !== 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, detached });
    active = { child, ownGroup: detached, stopWith };
    if (detached && child.pid) servers.begun(child.pid);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      active = undefined;
      if (detached) servers.ended(child.pid);
      resolve(code ?? 128 + (os.constants.signals[signal] ?? 0));
    });
  });
}

/** Throws `Stopped` when the launcher was asked to end: between two steps nobody else would notice. */
function throwIfStopped() {
  if (stopSignal) throw new Stopped(stopSignal);
}

module.exports = { listen, run, throwIfStopped, Stopped };
