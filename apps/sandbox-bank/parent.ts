const LOOK_EVERY_MS = 250;

/**
 * Tells once when the parent is gone, also when it was killed: the kernel closes its end of the pipe then. The parent's id is
 * looked at as well, should somebody else hold that end open.
 */
export function whenParentEnds(ended: () => void): void {
  const parent = process.ppid;
  process.stdin.on('end', ended).on('close', ended).on('error', ended).resume();
  setInterval(() => {
    if (process.ppid !== parent) ended();
  }, LOOK_EVERY_MS).unref();
}
