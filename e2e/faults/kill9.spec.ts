import { describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LOG_FILE } from '#apps/cli/open-log.js';
import type { CheckReport } from '#e2e/checker/check.js';
import { checkFiles } from '#e2e/checker/main.js';
import type { EvidenceFiles } from './evidence.js';
import { killAndCheck } from './harness.js';

/** Some hundred requests under load write as many. */
const LOST_EVENTS = 500;

const quiet = { keep: false, say: () => undefined, checkEvery: 1, killBank: true };

function violated({ rules }: CheckReport): string[] {
  return rules.flatMap(({ invariant, first }) => (first === undefined ? [] : [`${invariant}: ${first}`]));
}

/** The log without the payment that was acknowledged last, as if its events had never become durable. */
async function withoutLastAcknowledged({ log, acks, ...others }: EvidenceFiles): Promise<string[]> {
  const lines = (await readFile(acks, 'utf8')).trimEnd().split('\n');
  const captured = lines.filter((line) => !line.includes('"kind"'));
  const { paymentId } = JSON.parse(captured.at(-1) ?? '') as { paymentId: string };
  const events = (await readFile(log, 'utf8')).split('\n');
  const kept = events.filter((line) => !line.includes(`"stream":"payment-${paymentId}"`));
  expect(kept.length).toBeLessThan(events.length);
  await writeFile(`${log}.cut`, kept.join('\n'));
  return violated(await checkFiles({ log: `${log}.cut`, acks, ...others, atRest: true })).map((text) =>
    text.replaceAll(paymentId, '<last>'),
  );
}

describe('kill -9 under load', () => {
  it('loses nothing that was acknowledged and doubles nothing, here and at the bank, over 8 kills on one data folder', async () => {
    let found: string[] = [];
    const result = await killAndCheck({
      ...quiet,
      cycles: 8,
      seed: 20_261_122,
      longestLoadMs: 500,
      billsPerImport: 3_000,
      checkEvery: 4,
      inspect: async (files) => void (found = await withoutLastAcknowledged(files)),
    });
    expect(violated(result.report)).toEqual([]);
    // Devices that pay offline and write-offs are not in the load.
    const notLookedAt = result.report.rules.filter(
      ({ checked, rule }) => checked === 0 && !/offline|write-offs/.test(rule),
    );
    expect(notLookedAt).toEqual([]);
    expect(result.acknowledged).toBeGreaterThan(200);
    // Kills that never hit anything under way would prove little.
    expect(Math.min(result.askedAgain, result.abandoned)).toBeGreaterThan(20);
    expect(result.bankKills).toBeGreaterThan(1);
    expect(result.stopMs).toBeLessThan(10_000);
    // The same evidence with one acknowledged payment taken out of the log is found out.
    expect(found).toEqual(
      expect.arrayContaining([expect.stringMatching(/^I1: payment <last> .*the log says nothing/)]),
    );
  }, 240_000);

  it('finds out a store that acknowledges before its log is durable', async () => {
    // What a power cut takes from such a store: the last that it wrote, and nothing looks torn.
    const lossy = killAndCheck({
      ...quiet,
      cycles: 1,
      seed: 7,
      longestLoadMs: 1_500,
      billsPerImport: 1_000,
      damage: (dataDir) => {
        const log = new DatabaseSync(join(dataDir, LOG_FILE));
        log.exec(`DELETE FROM events WHERE position > (SELECT max(position) FROM events) - ${LOST_EVENTS}`);
        log.close();
        return Promise.resolve();
      },
    });
    const outcome = await lossy.then(
      ({ report }) => violated(report).join('\n'),
      (error: unknown) => String(error),
    );
    // Which of the lost events is missed first (capture or receipt) is chance.
    expect(outcome).toMatch(/^I1: (payment|refund|transfer|contract) \S+/m);
  }, 120_000);
});
