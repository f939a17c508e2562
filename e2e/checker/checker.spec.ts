import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLog } from './check.js';
import { runChecker } from './main.js';
import { moneyCoreEffects, moneyCoreLog } from './money-core-log.js';
import { drop, find, planted, violationsOf } from './planting.js';
import { type DraftEvent, exportOf, soundAcknowledgements, soundLog, soundViews } from './synthetic-log.js';
import { tableOf } from './table.js';

describe('the checker', () => {
  it('finds nothing in a sound log', async () => {
    const report = await checkLog({
      log: exportOf(soundLog()),
      acknowledgements: soundAcknowledgements,
      views: soundViews,
    });
    expect(report.rules.filter(({ violations }) => violations > 0)).toEqual([]);
    expect({ ...report, rules: [] }).toEqual({
      events: 26,
      payments: 3,
      captured: 2,
      refunds: 0,
      transfers: 0,
      open: [],
      holds: true,
      rules: [],
    });
    expect(tableOf(report)).toContain('Every invariant looked at holds.');
    // What it has nothing of is looked at in the log of the money core.
    const core = await checkLog({ log: exportOf(moneyCoreLog()), effects: moneyCoreEffects });
    const looked = new Set(
      [...report.rules, ...core.rules].flatMap((one) => (one.checked > 0 ? [one.rule] : [])),
    );
    expect(core.rules.filter(({ rule }) => !looked.has(rule))).toEqual([]);
    expect(report.rules.filter(({ rule }) => !looked.has(rule))).toEqual([]);
  });

  describe('I1', () => {
    it.each([
      ['the payment is not there', { paymentId: 'p9' }, 'the log says nothing'],
      ['it failed', { paymentId: 'p2', amount: '700' }, 'the log says failed, 700'],
      ['the amount is another', { amount: '1101' }, 'the log says captured, 1100'],
      ['the receipt is another', { receipts: ['2026-00000009'] }, 'issued 2026-00000001'],
      ['no receipt was answered', { receipts: [] }, 'receipts none'],
    ])('%s', async (_, change, says) => {
      const [first = '{}'] = soundAcknowledgements;
      const line = JSON.stringify({ ...(JSON.parse(first) as object), ...change });
      expect(await violationsOf({ acknowledgements: [line] })).toEqual([
        expect.stringMatching(new RegExp(`^I1: .*${says}`)),
      ]);
    });

    it('the last acknowledged payment was lost with its events', async () => {
      const log = exportOf(soundLog().filter(({ data }) => data['paymentId'] !== 'p3'));
      expect(await violationsOf({ log, views: undefined })).toEqual([
        'I1: payment p3 of 300 was acknowledged; the log says nothing',
      ]);
    });
  });

  describe('I5', () => {
    it.each<[string, (events: DraftEvent[]) => void, readonly string[]]>([
      ['no receipt', (events) => void events.pop(), ['I5: payment p3: no receipt of school-2']],
      [
        'no allocation',
        (events) => drop(events, find(events, 'BillPaymentAllocated', 'bill-b1')),
        ['I5: payment p1: bill b1 was not allocated', 'I5: bill b1 is still reserved by p1'],
      ],
      [
        'a hold left open',
        (events) => drop(events, find(events, 'WalletHoldSpent')),
        ['I5: payment p1: hold is open', 'I5: wallet-w1 still holds 1100 for p1'],
      ],
      [
        'a payment left under way',
        (events) => drop(events, find(events, 'PaymentFailed')),
        ['I5: payment p2 is still refused'],
      ],
    ])('%s', async (_, plant, found) => {
      expect(await planted(plant)).toEqual(found);
      const events = soundLog();
      plant(events);
      // A log taken from a running product may still be about to do it.
      expect((await checkLog({ log: exportOf(events), atRest: false })).holds).toBe(true);
    });
  });

  describe('I6', () => {
    it.each<[string, (rows: string[]) => string[], string]>([
      [
        'another amount paid',
        (rows) => [rows[0]!.replace('"900"', '"899"'), ...rows.slice(1)],
        'I6: bill b1: the view shows PAID 1000 100 899 0 0, the log PAID 1000 100 900 0 0',
      ],
      [
        'another status',
        (rows) => [rows[0]!.replace('PAID', 'ISSUED'), ...rows.slice(1)],
        'I6: bill b1: the view shows ISSUED 1000 100 900 0 0, the log PAID 1000 100 900 0 0',
      ],
      ['a bill is missing', (rows) => rows.slice(1), 'I6: bill b1 is missing in the view'],
      [
        'a bill too many',
        (rows) => [...rows, rows[0]!.replace('b1', 'b9')],
        'I6: bill b9: the view shows PAID 1000 100 900 0 0, the log nothing',
      ],
      [
        'another balance',
        (rows) => rows.map((row) => row.replace('"400"', '"401"')),
        'I6: account demo-bank CNY/2 wallet:w1: the view shows 401, the log 400',
      ],
      [
        'an account is missing',
        (rows) => rows.filter((row) => !row.includes('wallet:w1')),
        'I6: account demo-bank CNY/2 wallet:w1: the view shows nothing, the log 400',
      ],
      [
        'an account too many',
        (rows) => [...rows, rows[5]!.replace('w1', 'w2')],
        'I6: account demo-bank CNY/2 wallet:w2: the view shows 400, the log nothing',
      ],
    ])('%s', async (_, change, found) => {
      expect(await violationsOf({ views: change([...soundViews]) })).toEqual([found]);
    });
  });

  describe('I7 and the order of the log', () => {
    it.each<[string, (lines: string[]) => string[], readonly string[]]>([
      [
        'an event was changed',
        (lines) => lines.map((line) => line.replace('"actor":"demo"', '"actor":"Demo"')),
        ['I7: BillIssued.v1 at bill-b1@0 does not match its hash'],
      ],
      [
        'the last event of a stream was changed',
        (lines) => [...lines.slice(0, -1), lines.at(-1)!.replace('"c25"', '"c26"')],
        ['I7: ReceiptIssued.v1 at receiptBook-school-2-2026@1 does not match its hash'],
      ],
      [
        'an event is missing',
        (lines) => lines.filter((line) => !line.includes('WalletOpened')),
        [
          'I7: WalletToppedUp.v1 at wallet-w1@1 does not match its hash',
          'log: WalletToppedUp.v1 at wallet-w1@1 where revision 0 was due',
        ],
      ],
      [
        'events changed places',
        (lines) => [lines[1]!, lines[0]!, ...lines.slice(2)],
        ['log: position 1 of BillIssued.v1 at bill-b1@0'],
      ],
    ])('%s', async (_, change, found) => {
      expect(await violationsOf({ log: change(exportOf(soundLog())) })).toEqual(found);
    });
  });

  it('refuses what is no export', async () => {
    const [first = ''] = exportOf(soundLog());
    for (const line of [
      '{',
      '[]',
      '7',
      first.replace('"stream"', '"strum"'),
      first.replace('"revision":0', '"revision":"0"'),
    ]) {
      await expect(checkLog({ log: [line] })).rejects.toThrow(
        expect.objectContaining({ name: 'UnreadableInput' }),
      );
    }
    await expect(checkLog({ log: [], acknowledgements: ['{"paymentId":7}'] })).rejects.toThrow(
      'no acknowledgement',
    );
  });
});

describe('the checker as a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-checker-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, lines: readonly string[]): string => {
    writeFileSync(join(folder, name), lines.join('\n'));
    return join(folder, name);
  };

  it('ends with 0 when all holds, 1 when not, and names the violation', async () => {
    const printed: string[] = [];
    const print = (text: string): void => void printed.push(text);
    const log = file('log.ndjson', exportOf(soundLog()));
    const acks = file('acks.ndjson', soundAcknowledgements);
    const views = file('views.ndjson', soundViews);
    expect(await runChecker(['--log', log, '--acks', acks, '--views', views], print)).toBe(0);
    const short = file('short.ndjson', exportOf(soundLog().slice(0, -5)));
    expect(await runChecker(['--log', short, '--acks', acks, '--json'], print)).toBe(1);
    expect(await runChecker([], print)).toBe(2);
    expect(printed[0]).toMatch(
      /^26 events, 3 payments, 2 captured, 0 refunds, 0 transfers\n[\s\S]*Every invariant looked at holds\.$/,
    );
    expect(JSON.parse(printed[1] ?? '')).toMatchObject({ events: 21, holds: false });
    expect(printed[2]).toContain('--log');
  });
});
