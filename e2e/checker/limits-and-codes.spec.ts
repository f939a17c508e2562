import { describe, expect, it } from '@jest/globals';
import { draft } from './drafts.js';
import { after, change, drop, find, plantedInCore, type PlantedRow, without } from './planting.js';
import { cny } from './synthetic-log.js';

function rows(name: string, all: readonly PlantedRow[]): void {
  describe(name, () => {
    it.each(all)('%s', async (_, plant, found) => {
      expect(await plantedInCore(plant)).toEqual(expect.arrayContaining([...found]));
    });
  });
}

describe('the checker on wallets, limits and what is used once', () => {
  rows('transfers, wallets and advances', [
    [
      'taken twice',
      (events) =>
        after(events, 'TransferTaken', 'transfer-t1', { ...find(events, 'TransferTaken', 'transfer-t1') }),
      ['I4: TransferTaken.v1 at transfer-t1@3: of a transfer that is taken'],
    ],
    [
      'another amount',
      change('TransferTaken', 'transfer-t1', {
        postings: [{ source: 'world:operator', destination: 'clearing:operator', amount: cny(999) }],
      }),
      [
        'I4: TransferTaken.v1 at transfer-t1@2: another amount than 1000',
        'I3: clearing:operator stands at -1 after WalletCredited.v1 at wallet-w1@8',
      ],
    ],
    [
      'credited twice',
      (events) =>
        after(events, 'TransferCompleted', 'transfer-t1', {
          ...find(events, 'WalletCredited', 'wallet-w1'),
          data: { ...find(events, 'WalletCredited', 'wallet-w1').data },
        }),
      ['purses: WalletCredited.v1 at wallet-w1@9: r2 again, or from nowhere'],
    ],
    [
      'a figure that is not the fold',
      change('AdvanceCredited', 'advance-a1', { availableAfter: cny(101) }),
      ['purses: AdvanceCredited.v1 at advance-a1@0: 100 available and 0 held by the fold'],
    ],
    [
      'an advance that nobody paid',
      change('AdvanceCredited', 'advance-a1', { billId: 'b6' }),
      [
        'purses: AdvanceCredited.v1 at advance-a1@0: p5 b6 again, or from nowhere',
        'I5: payment p5: the advance of bill b5 is missing',
      ],
    ],
    [
      'completed without the credit',
      change('WalletCredited', 'wallet-w2', { creditId: 'transfer-t9' }),
      ['I5: transfer t3 is completed, but not in the wallets'],
    ],
    [
      'left under way',
      (events) => drop(events, find(events, 'TransferCompleted', 'transfer-t1')),
      ['I5: transfer t1 is still taken'],
    ],
  ]);

  it('does not count limits of a day to come', async () => {
    const data = { limits: { single: '59999' }, from: '2026-09-02' };
    expect(await plantedInCore(change('TierLimitsSet', 'walletTiers-demo-bank', data))).toEqual([]);
  });

  rows('limits', [
    [
      'one payment',
      change('TierLimitsSet', 'walletTiers-demo-bank', { limits: { single: '59999' } }),
      ['limits: WalletHoldPlaced.v1 at wallet-w1@4: 60000 against single limit 59999 of tier IV'],
    ],
    [
      'a day',
      change('TierLimitsSet', 'walletTiers-demo-bank', { limits: { day: '60399' } }),
      ['limits: WalletHoldPlaced.v1 at wallet-w1@9: 60400 against day limit 60399 of tier IV'],
    ],
    [
      'a year',
      change('TierLimitsSet', 'walletTiers-demo-bank', { limits: { year: '60500' } }),
      ['limits: WalletHoldPlaced.v1 at wallet-w1@14: 61000 against year limit 60500 of tier IV'],
    ],
    [
      'a sub-wallet',
      without('SubWalletRelimited', 'wallet-w1'),
      [
        'limits: WalletHoldPlaced.v1 at wallet-w1@3: 60000 against single of the sub-wallet limit 1 of tier IV',
      ],
    ],
    [
      'not counted',
      change('WalletHoldPlaced', 'wallet-w1', { businessDate: undefined }),
      ['limits: WalletHoldPlaced.v1 at wallet-w1@4: not counted against any limit'],
    ],
    [
      'a closed sub-wallet',
      (events) => {
        const closed = find(events, 'SubWalletClosed', 'wallet-w1');
        drop(events, closed);
        after(events, 'SubWalletPushed', 'wallet-w1', closed);
      },
      [
        'limits: WalletHoldPlaced.v1 at wallet-w1@5: from a wallet that is frozen or a sub-wallet that is closed',
      ],
    ],
    [
      'a frozen wallet',
      (events) => after(events, 'WalletOpened', 'wallet-w1', draft('wallet-w1', 'WalletFrozen')),
      [
        'limits: WalletHoldPlaced.v1 at wallet-w1@5: from a wallet that is frozen or a sub-wallet that is closed',
      ],
    ],
    [
      "somebody else's sub-wallet",
      change('SubWalletPushed', 'wallet-w1', { organisationId: 'school-1' }),
      ['limits: PaymentCaptured.v1 at payment-p2@1: to somebody else than the sub-wallet was pushed to'],
    ],
    [
      'a full wallet',
      change('TierLimitsSet', 'walletTiers-demo-bank', { limits: { balance: '90999' } }),
      ['limits: WalletCredited.v1 at wallet-w1@8: 91000 in a wallet of tier IV, which may hold 90999'],
    ],
  ]);

  rows('quotes, codes, mandates, devices, receipts', [
    [
      'another price than quoted',
      change('QuoteGiven', 'quote-q1', { charge: cny(5), total: cny(1_005) }),
      ['quotes: PaymentInitiated.v2 at payment-p4@0: 1006 of a quote of 1005'],
    ],
    [
      'other amounts than quoted',
      change('QuoteGiven', 'quote-q1', {
        bills: [{ billId: 'b9', principal: cny(1_000), due: cny(1_000), amount: cny(1_000) }],
      }),
      ['quotes: PaymentCaptured.v1 at payment-p4@1: other amounts than were quoted'],
    ],
    [
      'a quote after its end',
      change('QuoteGiven', 'quote-q1', { validUntil: '2026-08-31T23:59:59.999Z' }),
      ['quotes: PaymentInitiated.v2 at payment-p4@0: 1006 of a quote of 1006'],
    ],
    [
      'a code used twice',
      (events) =>
        after(events, 'QrCodeUsed', 'qrCode-c1', draft('qrCode-c1', 'QrCodeUsed', { paymentId: 'p9' })),
      ['one-time: QrCodeUsed.v1 at qrCode-c1@2: by p9, used by p1'],
    ],
    [
      'a code given back after the capture',
      (events) => void events.push(draft('qrCode-c1', 'QrCodeUseGivenBack', { paymentId: 'p1' })),
      ['one-time: QrCodeUseGivenBack.v1 at qrCode-c1@2: of payment p1, which is captured'],
    ],
    [
      "a payer's code used twice",
      (events) => {
        for (const stream of ['payment-p1', 'payment-p3'])
          Object.assign(find(events, 'PaymentInitiated', stream).data['tender'] as object, { codeId: 'd1' });
      },
      ['one-time: PaymentInitiated.v2 at payment-p3@0: code d1 was used before'],
    ],
    [
      'a mandate that runs after its end',
      (events) => {
        const run = find(events, 'MandateRun', 'mandate-m1');
        drop(events, run);
        events.push(run);
      },
      ['one-time: MandateRun.v1 at mandate-m1@2: 2026-09-05T00:00:00.000Z, after its end'],
    ],
    [
      'an offline payment taken twice',
      (events) =>
        after(events, 'OfflinePaymentTaken', 'hardWallet-h1', {
          ...find(events, 'OfflinePaymentTaken', 'hardWallet-h1'),
        }),
      ['offline: OfflinePaymentTaken.v1 at hardWallet-h1@4: counter 1 again, or beyond what is permitted'],
    ],
    [
      'offline payments beyond what is permitted',
      change('HardWalletIssued', 'hardWallet-h1', { permitted: 1 }),
      ['offline: OfflinePaymentTaken.v1 at hardWallet-h1@5: counter 2 again, or beyond what is permitted'],
    ],
    [
      'an offline payment that was never taken',
      without('OfflinePaymentTaken', 'hardWallet-h1'),
      ['offline: PaymentCaptured.v1 at payment-p7@1: of 200, by counter 1 of h1'],
    ],
    [
      'an offline payment left in between',
      without('OfflinePaymentSuspended', 'hardWallet-h1'),
      ['I5: hardWallet h1#2 is still taken'],
    ],
    [
      'a receipt cancelled twice',
      (events) =>
        after(events, 'ReceiptCancelled', 'receiptBook-school-2-2026', {
          ...find(events, 'ReceiptCancelled'),
        }),
      [
        'receipts: ReceiptCancelled.v1 at receiptBook-school-2-2026@3: again, of another payment, or without an approved voiding',
      ],
    ],
    [
      'a cancelled number given out again',
      change('ReceiptIssued', 'receiptBook-school-2-2026', { sequence: 2, number: '2026-00000002' }),
      ['receipts: ReceiptIssued.v2 at receiptBook-school-2-2026@0: 2026-00000002 where number 1 was due'],
    ],
    [
      'a case resolved twice',
      (events) => void events.push(draft('case-k1', 'CaseResolved')),
      ['I4: CaseResolved.v1 at case-k1@2: of a case that is resolved'],
    ],
  ]);
});
