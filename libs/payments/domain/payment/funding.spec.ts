import { describe, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money, posting } from '#libs/kernel/money/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  paymentDecider,
  type PaidBill,
  type PaymentCommand,
  type PaymentEvent,
  type PaymentRequest,
  type Tender,
} from './index.js';

const fen = (amount: number) => money(CNY, BigInt(amount));
const at = parseInstant('2026-09-01T03:00:00.000Z');
const businessDate = parseLocalDate('2026-09-01');
const contractId = asId<'contract'>('k1');
const request: PaymentRequest = {
  paymentId: asId('p1'),
  tenant: asId('demo'),
  account: 'payer-1',
  organisationId: null,
  inputHash: 'hash',
  bills: [{ billId: asId('k1'), amount: fen(300) }],
  funding: { contractId },
  total: fen(300),
  tender: { channel: 'wallet', walletId: asId('w1') },
  initiatedAt: at,
};
const line: PaidBill = {
  billId: asId('k1'),
  organisationId: asId('s1'),
  billNumber: 'k1',
  payerNumber: '-',
  description: '预付课程',
  amount: fen(300),
};
const initiate = (change: Partial<PaymentRequest> = {}): PaymentCommand => ({
  kind: 'initiate',
  ...request,
  ...change,
});
const capture: PaymentCommand = { kind: 'capture', bills: [line], cashier: 'clerk-1', businessDate, at };
const initiated: PaymentEvent = { type: 'PaymentInitiated', data: request };
const payment = spec(paymentDecider);

describe('a payment that funds a contract', () => {
  it('is captured into the clearing of funding, whatever it came by', () => {
    const ways: readonly (readonly [Tender, readonly [string, string][]])[] = [
      [{ channel: 'wallet', walletId: asId('w1') }, [['hold:p1', 'clearing:funding']]],
      [
        { channel: 'cash', tendered: fen(300) },
        [
          ['world:cash', 'cash:clerk-1-2026-09-01'],
          ['cash:clerk-1-2026-09-01', 'clearing:funding'],
        ],
      ],
      [
        { channel: 'suspense', ofPayment: asId('p0'), organisationId: asId('s1') },
        [['suspense:s1', 'clearing:funding']],
      ],
    ];
    for (const [tender, moves] of ways) {
      const change = tender.channel === 'cash' ? fen(0) : null;
      const postings = moves.map(([from, to]) => posting(from, to, fen(300)));
      const data = { paymentId: request.paymentId, bills: [line], funding: { contractId }, total: fen(300) };
      payment
        .given([{ type: 'PaymentInitiated', data: { ...request, tender } }])
        .when(capture)
        .then([
          { type: 'PaymentCaptured', data: { ...data, change, businessDate, capturedAt: at, postings } },
        ]);
    }
  });

  it('has one line, the contract’s, of the whole amount, and no charge', () => {
    payment.given([]).when(initiate()).then([initiated]);
    const two = [...request.bills, { billId: asId<'bill'>('k2'), amount: fen(1) }];
    for (const change of [
      { bills: two },
      { bills: [{ billId: asId<'bill'>('k1'), amount: null }] },
      { bills: [{ billId: asId<'bill'>('k1'), amount: fen(299) }] },
      { bills: [{ billId: asId<'bill'>('b1'), amount: fen(300) }] },
      { charge: fen(1) },
    ]) {
      payment.given([]).when(initiate(change)).thenImpossible();
    }
  });

  it('is never made of money that can be taken back or belongs to other debts', () => {
    const barred: readonly Tender[] = [
      { channel: 'cheque', chequeNumber: '123456', bank: 'B', chequeDate: businessDate },
      { channel: 'pos', terminalId: 'POS1', approvalCode: '123456' },
      { channel: 'advance', advanceId: asId('a1') },
      { channel: 'offline', hardWalletId: 'h1', counter: 1 },
    ];
    for (const tender of barred) payment.given([]).when(initiate({ tender })).thenImpossible();
  });

  it('is not refunded past the contract', () => {
    const captured: PaymentEvent = {
      type: 'PaymentCaptured',
      data: {
        paymentId: request.paymentId,
        bills: [line],
        funding: { contractId },
        total: fen(300),
        change: null,
        businessDate,
        capturedAt: at,
        postings: [posting('hold:p1', 'clearing:funding', fen(300))],
      },
    };
    payment
      .given([initiated, captured])
      .when({
        kind: 'holdRefund',
        refundId: asId('r1'),
        lines: [{ billId: asId('k1'), amount: fen(1) }],
        at,
      })
      .thenRejected({ code: 'REFUND_THROUGH_CONTRACT' });
  });
});
