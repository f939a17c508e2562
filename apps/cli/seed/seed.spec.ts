import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckReport } from '#e2e/checker/check.js';

const dataDir = mkdtempSync(join(tmpdir(), 'sluice-seed-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** The built tool as its own process, as `npm run seed` starts it. */
async function cli(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  const main = fileURLToPath(new URL('../../../dist/apps/cli/main.js', import.meta.url));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { env });
  let out = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, said };
}

/** The exported log: how often each type occurs, and what the independent checker says. */
async function evidence(): Promise<{ counts: Record<string, number>; report: CheckReport; text: string }> {
  const file = join(dataDir, 'log.ndjson');
  await cli('export', '--data-dir', dataDir, '--out', file);
  const text = readFileSync(file, 'utf8');
  const counts: Record<string, number> = {};
  for (const [, type = ''] of text.matchAll(/^\{[^{]*?"type":"(\w+)\.v\d+"/gm))
    counts[type] = (counts[type] ?? 0) + 1;
  const checked = await cli('check', '--log', file, '--json');
  return { counts, report: JSON.parse(checked.out) as CheckReport, text };
}

/** Four orders (paid out, running, withdrawn, unpaid), a deposit, a campaign with its budget and five vouchers. */
const OF_CONTRACTS = {
  CoursePublished: 1,
  CourseOrdered: 4,
  ContractDrafted: 4 + 1 + 1 + 5,
  ContractSigned: 2 * (4 + 1 + 1 + 5),
  // By people from outside; vouchers get theirs from the budget.
  FundingReserved: 3 + 1 + 1,
  FundsDeposited: 3 + 1 + 1 + 5,
  ContractActivated: 3 + 1 + 1 + 5,
  LessonScheduled: 12 + 24 + 24,
  LessonDelivered: 12 + 5 + 2,
  EvidenceAccepted: 12 + 5 + 2 + 1,
  AccrualConfirmed: 12 + 1 + 2,
  DisputeOpened: 1,
  OrderWithdrawn: 1,
  FundsRefunded: 1,
  ContractClosed: 2,
  OrderClosed: 2,
  SignUpRecorded: 5,
  WinnersDrawn: 1,
  AwardGranted: 5,
  VoucherSpent: 1,
};

describe('the demo seed', () => {
  it('fills an empty folder by the real commands, and every invariant holds', async () => {
    const { code, out, said } = await cli('seed', '--data-dir', dataDir);
    expect([code, out]).toEqual([0, `Seeded ${dataDir}; open bills: 880001 学生0001\n`]);
    expect(said).toContain('示范高级中学：学费与书本费');
    const { counts, report, text } = await evidence();
    expect(counts).toMatchObject({
      OrganisationRegistered: 5,
      FeeItemDefined: 8,
      BillIssued: 692,
      ImportPublished: 5,
    });
    expect(counts['PaymentCaptured']).toBeGreaterThan(300);
    expect(counts['ReceiptIssued']).toBe(counts['PaymentCaptured']);
    expect(counts).toMatchObject({
      BillingTermsSet: 2,
      PaymentAuthorised: 3,
      AdvanceCredited: 1,
      BillLateFeeCharged: 1,
      // One of them is the money of whoever gave the course up.
      RefundRequested: 4,
      RefundReturned: 3,
      ReceiptCancelled: 1,
      ApprovalRequested: 2,
      ApprovalGranted: 1,
      SubWalletPushed: 1,
      MandateGiven: 1,
      CaseOpened: 1,
    });
    expect(counts).toMatchObject(OF_CONTRACTS);
    // Lessons confirmed, vouchers awarded, the voucher spent; where nothing was said it depends on the holidays.
    expect(counts['FundsReleased']).toBeGreaterThanOrEqual(15 + 5 + 1);
    // What waits for the supervisor, and nothing else, has not come to its end.
    expect(report.open.map(({ status, reason }) => [status, reason])).toEqual([
      ['requested', 'waits for a second person'],
    ]);
    expect(report.rules.filter(({ violations }) => violations > 0)).toEqual([]);
    // Names, identity numbers and phones lie in the log only under the people's own keys.
    expect(text).not.toMatch(/学生\d|999999\d{11}|"100\d{8}"/);
  }, 120_000);

  it('finishes a seed that was cut short without doing anything twice', async () => {
    const before = await evidence();
    const marker = join(dataDir, 'demo-seed.json');
    writeFileSync(marker, readFileSync(marker, 'utf8').replace('"done":true', '"done":false'));
    expect((await cli('seed', '--data-dir', dataDir)).code).toBe(0);
    const after = await evidence();
    for (const type of [
      'BillIssued',
      'BillAmended',
      'WalletToppedUp',
      'PaymentInitiated',
      'PaymentCaptured',
      'ReceiptIssued',
      'PaymentAuthorised',
      'BillReserved',
      'BillRefunded',
      'WalletCredited',
      'RefundRequested',
      'RefundReturned',
      'ReceiptCancelled',
      'ApprovalRequested',
      'ApprovalGranted',
      'SubWalletPushed',
      'MandateGiven',
      'CaseOpened',
      'FundsReleased',
      ...Object.keys(OF_CONTRACTS),
    ]) {
      expect([type, after.counts[type]]).toEqual([type, before.counts[type]]);
    }
    expect(after.report.holds).toBe(true);
  }, 120_000);

  it('leaves a folder alone that has data', async () => {
    const { code, said } = await cli('seed', '--data-dir', dataDir);
    expect([code, said]).toEqual([1, expect.stringMatching(/already holds data[\s\S]*数据目录已有数据/)]);
  }, 120_000);
});
