'use strict';
// Names a process so that a reused pid is not mistaken for it.
const fs = require('node:fs');

function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// Linux only: start time in clock ticks since boot. Elsewhere the pid alone has to do.
function startOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** What to write down about a process to recognise it later. */
const identify = (pid) => ({ pid, start: startOf(pid) });

/** Whether the process written down is still the one that runs under its pid. */
const isAlive = ({ pid, start }) => exists(pid) && (start === undefined || startOf(pid) === start);

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

module.exports = { identify, isAlive, sleep };
