import { env } from 'node:process';
import type { Child } from './child.js';

/**
 * Does the work. With SLUICE_BENCH_PROFILE=<folder> a CPU profile of the server's main thread while it lasts is written there; the
 * figures of such a run mean nothing.
 */
export async function profiled<Value>(
  server: Child,
  name: string,
  work: () => Promise<Value>,
): Promise<Value> {
  const folder = env['SLUICE_BENCH_PROFILE'];
  if (!folder) return work();
  await server.ask('profile-start');
  try {
    return await work();
  } finally {
    await server.ask('profile-stop', `${folder}/${name.replaceAll(/[ ,]+/g, '-')}.cpuprofile`);
  }
}
