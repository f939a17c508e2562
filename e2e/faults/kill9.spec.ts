import { describe, expect, it } from '@jest/globals';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckReport } from '#e2e/checker/check.js';
import { checkFiles } from '#e2e/checker/main.js';
import { type EvidenceFiles, killAndCheck } from './harness.js';

/** https://www.sqlite.org/fileformat2.html#walformat */
const WAL_HEADER_BYTES = 32;

const quiet = { keep: false, say: () => undefined };

function violated({ rules }: CheckReport): string[] {
  return rules.flatMap(({ invariant, first }) => (first === undefined ? [] : [`${invariant}: ${first}`]));
}

/** The log without the payment that was acknowledged last, as if its events had never become durable. */
async function withoutLastAcknowledged({ log, acks, views }: EvidenceFiles): Promise<string[]> {
  const lines = (await readFile(acks, 'utf8')).trimEnd().split('\n');
  const { paymentId } = JSON.parse(lines.at(-1) ?? '') as { paymentId: string };
  const events = (await readFile(log, 'utf8')).split('\n');
  const kept = events.filter((line) => !line.includes(`"stream":"payment-${paymentId}"`));
  expect(kept.length).toBeLessThan(events.length);
  await writeFile(`${log}.cut`, kept.join('\n'));
  return violated(await checkFiles({ log: `${log}.cut`, acks, views, atRest: true })).map((text) =>
    text.replaceAll(paymentId, '<last>'),
  );
}

describe('kill -9 under load', () => {
  it('loses nothing that was acknowledged and doubles nothing, over 20 kills on one data folder', async () => {
    let found: string[] = [];
    const result = await killAndCheck({
      ...quiet,
      cycles: 20,
      seed: 20_261_122,
      longestLoadMs: 600,
      billsPerImport: 5_000,
      inspect: async (files) => void (found = await withoutLastAcknowledged(files)),
    });
    expect(violated(result.report)).toEqual([]);
    expect(result.report.rules.filter(({ checked }) => checked === 0)).toEqual([]);
    expect(result.acknowledged).toBeGreaterThan(500);
    // Kills that never hit a payment under way would prove little.
    expect(Math.min(result.askedAgain, result.abandoned)).toBeGreaterThan(20);
    expect(result.stopMs).toBeLessThan(10_000);
    // The same evidence with one acknowledged payment taken out of the log is found out.
    expect(found).toEqual(
      expect.arrayContaining([expect.stringMatching(/^I1: payment <last> .*the log says nothing/)]),
    );
  }, 240_000);

  it('finds out a store that acknowledges before its log is durable', async () => {
    // What a power cut takes from such a store: the write-ahead log since its last checkpoint, and nothing looks torn.
    const lossy = killAndCheck({
      ...quiet,
      cycles: 1,
      seed: 7,
      longestLoadMs: 1_500,
      billsPerImport: 1_000,
      damage: async (dataDir) => {
        const [wal = ''] = (await readdir(dataDir)).filter((name) => name === 'events.db-wal');
        await truncate(join(dataDir, wal), WAL_HEADER_BYTES);
      },
    });
    const outcome = await lossy.then(
      ({ report }) => violated(report).join('\n'),
      (error: unknown) => String(error),
    );
    // Which of the lost events is missed first (capture or receipt) depends on where the last checkpoint was.
    expect(outcome).toMatch(/^I1: payment \S+/m);
  }, 120_000);
});
