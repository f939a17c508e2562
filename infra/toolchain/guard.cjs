'use strict';
// Preloaded into a server (which has its own process group) and into the installer: when the launcher
// is gone (kill -9, or a killed process group), nobody would stop them any more, so they stop themselves.
const { isMainThread } = require('node:worker_threads');

const POLL_MS = 500;
const DRAIN_LIMIT_MS = 10_000;

function guard() {
  // Absent in a process that the server itself forks: that one watches the server.
  const parent = Number(process.env.SLUICE_LAUNCHER_PID ?? process.ppid);
  // An installer asked politely rolls back for seconds, beside the next one that is about to begin.
  const signal = process.env.SLUICE_GUARD_SIGNAL ?? 'SIGTERM';
  delete process.env.SLUICE_LAUNCHER_PID;
  delete process.env.SLUICE_GUARD_SIGNAL;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, signal);
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), DRAIN_LIMIT_MS).unref();
  }, POLL_MS).unref();
}

if (isMainThread) guard();
