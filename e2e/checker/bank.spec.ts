import { describe, expect, it } from '@jest/globals';
import { checkLog } from './check.js';
import { draft, onTransfer } from './drafts.js';
import { moneyCoreEffects, moneyCoreLog } from './money-core-log.js';
import { drop, find, plantedInCore } from './planting.js';
import { cny, type DraftEvent, exportOf } from './synthetic-log.js';

const nothing = (): void => undefined;

function changed(operationId: string, change: Record<string, unknown>): readonly string[] {
  return moneyCoreEffects.map((line) =>
    line.includes(`"${operationId}"`) ? JSON.stringify({ ...(JSON.parse(line) as object), ...change }) : line,
  );
}

describe('the checker on the books of the bank', () => {
  it.each([
    ['moved twice', changed('payment-p1', { moved: 2 }), 'payment-p1: moved 2×, came back 0×'],
    ['not moved', changed('payment-p1', { moved: 0 }), 'payment-p1: at the bank not moved, in our log moved'],
    ['never heard of', moneyCoreEffects.slice(1), 'payment-p1: at the bank not moved, in our log moved'],
    [
      'another amount',
      changed('refund-r1', { amount: cny(201) }),
      'refund-r1: refund of 201; our log asked for refund of 200',
    ],
    [
      'another kind',
      changed('transfer-t2', { kind: 'collect' }),
      'transfer-t2: collect of 400; our log asked for payout of 400',
    ],
    [
      'came back unnoticed',
      changed('return-p3', { returned: 1 }),
      'return-p3: at the bank moved and come back, in our log moved',
    ],
    [
      'listed twice',
      [...moneyCoreEffects, ...moneyCoreEffects.slice(0, 1)],
      'payment-p1: moved 1×, came back 0×',
    ],
    [
      'never asked for',
      [
        ...moneyCoreEffects,
        ...moneyCoreEffects.slice(0, 1).map((line) => line.replace('payment-p1', 'payment-p9')),
      ],
      'payment-p9: collect of 500; our log asked for nothing',
    ],
  ])('%s', async (_, effects, found) => {
    expect(await plantedInCore(nothing, effects)).toContain(`bank: ${found}`);
  });

  it('finds a refused payment that the bank collected', async () => {
    const plant = (events: DraftEvent[]): void => {
      for (const type of [
        'PaymentLateSuccessRecorded',
        'PaymentReturnSought',
        'PaymentLateSuccessReturned',
      ]) {
        drop(events, find(events, type, 'payment-p3'));
      }
    };
    expect(await plantedInCore(plant)).toEqual(
      expect.arrayContaining([
        'bank: payment-p3: at the bank moved, in our log not moved',
        'bank: return-p3: refund of 305; our log asked for nothing',
      ]),
    );
    // Unless a person was told of it: then it is on the list of what is open.
    const events = moneyCoreLog();
    plant(events);
    const facts = { kind: 'contradictoryNotice', subject: 'payment-p3' };
    events.push(draft('case-k2', 'CaseOpened', facts));
    const effects = moneyCoreEffects.filter((line) => !line.includes('return-p3'));
    const report = await checkLog({ log: exportOf(events), effects });
    expect(report).toMatchObject({
      holds: true,
      open: [{ id: 'payment-p3', status: 'failed', reason: 'the bank contradicts itself, a case is open' }],
    });
  });

  it('takes what the bank paid after all for a claim that a person was told of', async () => {
    const paid = {
      postings: [{ source: 'suspense:operator', destination: 'world:operator', amount: cny(405) }],
    };
    const events = [
      ...moneyCoreLog(),
      onTransfer('TransferRequested', 't9', {
        tenant: 'demo-bank',
        amount: cny(405),
        walletId: 'w1',
        kind: 'withdrawal',
      }),
      onTransfer('TransferSought', 't9', { act: 'payout', operationId: 'transfer-t9' }),
      onTransfer('TransferRefused', 't9'),
      onTransfer('TransferFailed', 't9'),
      onTransfer('TransferPaidAfterAll', 't9', paid),
    ];
    const moved = { tenant: 'demo-bank', kind: 'payout', amount: cny(405), moved: 1, returned: 0 };
    const effects = [...moneyCoreEffects, JSON.stringify({ operationId: 'transfer-t9', ...moved })];
    const untold = await checkLog({ log: exportOf(events), effects });
    expect(untold.rules.flatMap(({ first }) => first ?? [])).toEqual([
      'transfer t9 is still failed, the bank has paid after all',
    ]);
    events.push(draft('case-k9', 'CaseOpened', { kind: 'lateSuccess', subject: 'transfer-t9' }));
    expect(await checkLog({ log: exportOf(events), effects })).toMatchObject({
      holds: true,
      open: [{ id: 'transfer-t9', reason: 'the bank has paid after all, a case is open' }],
    });
    events.push(onTransfer('TransferPaidAfterAll', 't9', paid));
    expect((await checkLog({ log: exportOf(events), effects })).holds).toBe(false);
  });

  it('finds a ledger that is not what the bank has moved', async () => {
    const plant = (events: DraftEvent[]): void =>
      void events.push(
        draft('ledger-x', 'SomethingBooked', {
          postings: [{ source: 'world:operator', destination: 'bank:fees', amount: cny(1) }],
        }),
      );
    expect(await plantedInCore(plant)).toEqual([
      'bank: demo-bank CNY/2: the bank moved 1500, our ledger says 1501',
    ]);
  });

  it('does not judge what our log does not know yet, but lists it', async () => {
    const events = moneyCoreLog();
    events.push(
      onTransfer('TransferRequested', 't9', {
        tenant: 'demo-bank',
        amount: cny(5),
        walletId: 'w1',
        kind: 'topUp',
      }),
      onTransfer('TransferSought', 't9', { act: 'collect', operationId: 'transfer-t9' }),
    );
    const reasons = ['{"id":"transfer-t9","reason":"timeout"}'];
    const report = await checkLog({ log: exportOf(events), effects: moneyCoreEffects, reasons });
    expect(report).toMatchObject({
      holds: true,
      open: [{ id: 'transfer-t9', status: 'sought', reason: 'timeout' }],
    });
    const unexplained = await checkLog({ log: exportOf(events), effects: moneyCoreEffects });
    expect(unexplained.rules.flatMap(({ first }) => first ?? [])).toEqual(['transfer t9 is still sought']);
  });

  it('refuses what is no effect', async () => {
    await expect(checkLog({ log: [], effects: ['{"operationId":"payment-p1"}'] })).rejects.toThrow(
      'no effect of the bank',
    );
  });
});
