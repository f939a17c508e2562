import { writeFile } from 'node:fs/promises';
import type { CheckReport } from '#e2e/checker/check.js';
import { checkFiles } from '#e2e/checker/main.js';
import type { BankProcess } from './bank.js';
import { type EvidenceFiles, exportTo, openReasons, viewRows } from './evidence.js';
import type { GraphqlClient } from './graphql.js';
import { pause, type Product } from './product.js';
import type { Tokens } from './school.js';

export interface Resting {
  readonly product: Product;
  readonly bank: BankProcess;
  readonly client: () => GraphqlClient;
  readonly tokens: Tokens;
  readonly files: EvidenceFiles;
  readonly dataDir: string;
  /** Starts the product again. */
  readonly start: () => Promise<void>;
}

export interface Rested {
  readonly report: CheckReport;
  readonly restMs: number;
  readonly stopMs: number;
}

/** How long the finishers may need for what a kill has left, and the views to show it. */
const PATIENCE_MS = 45_000;
const STEP_MS = 300;

/** What may be violated while something is still being finished, and by nothing else. */
const NOT_YET = new Set(['I5', 'I6', 'I8', 'bank']);

/**
 * Waits until nothing moves any more, stops the product properly and judges it. What is still under way when it is stopped is
 * not at rest: the product starts again and goes on with it, as long as the patience lasts.
 */
export async function comeToRest(resting: Resting): Promise<Rested> {
  const startedMs = performance.now();
  await resting.bank.hurry();
  for (;;) {
    await untilNothingMoves(resting, startedMs);
    const restedAt = new Date().toISOString();
    const stopMs = await resting.product.stop();
    await exportTo(resting.files.log, resting.dataDir);
    await writeFile(resting.files.effects, (await resting.bank.effects()).join('\n'));
    const report = await checkFiles({ ...resting.files, atRest: true, restedAt });
    const restMs = performance.now() - startedMs;
    const late =
      restMs > PATIENCE_MS ||
      report.rules.some((rule) => rule.violations > 0 && !NOT_YET.has(rule.invariant));
    if (report.holds || late) return { report, restMs, stopMs };
    await resting.start();
  }
}

async function untilNothingMoves({ client, bank, tokens, files }: Resting, startedMs: number): Promise<void> {
  let before = '';
  for (;;) {
    const open = await openReasons(client(), tokens);
    const rows = await viewRows(client(), tokens);
    const now = rows.join('\n');
    const waits = performance.now() - startedMs < PATIENCE_MS;
    const quiet = (await bank.undelivered()) === 0;
    const finished =
      quiet && open.every(({ channel, status }) => channel === 'TRANSFER' && status === 'AUTHORISING');
    if ((finished && now === before) || !waits) {
      await writeFile(files.views, `${now}\n`);
      await writeFile(files.reasons, open.map((row) => JSON.stringify(row)).join('\n'));
      return;
    }
    before = now;
    await pause(STEP_MS);
  }
}
