import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableOf } from '#e2e/checker/table.js';
import type { RunOptions, RunResult } from './options.js';
import { freePort } from './product.js';
import { Run } from './run.js';

/**
 * Pays, refunds and transfers under load, kills the product with SIGKILL at a random moment, starts it again, so many times, on
 * one data folder; lets it come to rest and the checker judge the exported log, the acknowledgements, the views and the books of
 * the bank, which is a process of its own.
 */
export async function killAndCheck(options: RunOptions): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-faults-'));
  const run = new Run(options, folder, { product: await freePort(), bank: await freePort() });
  // A planted loss is found: its evidence tells nothing.
  let sound = options.damage !== undefined;
  try {
    const result = await run.execute();
    sound ||= result.report.holds;
    await options.inspect?.(run.files);
    return result;
  } catch (error) {
    // The run broke off; what stands in the log may say why.
    const report = await run.judgeAnyway().catch(() => undefined);
    if (report) options.say(tableOf(report));
    throw error;
  } finally {
    await run.end();
    if (options.keep || !sound) options.say(`The evidence is in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}
