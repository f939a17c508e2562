import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Check, CheckResult } from '../check.js';

/** tsc's errors, ambient access outside adapters, floating promises, exhaustive switches. */
export const code: Check = async ({ root }) => {
  const worker = new Worker(new URL('../code/worker.js', import.meta.url), { workerData: { root } });
  const [result] = (await once(worker, 'message')) as [CheckResult];
  await worker.terminate();
  return result;
};
