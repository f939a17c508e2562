import { describe, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  paymentDecider,
  type PaidBill,
  type PaymentCommand,
  type PaymentEvent,
  type PaymentRequest,
} from './index.js';

const fen = (amount: number) => money(CNY, BigInt(amount));
const paymentId = asId<'payment'>('p1');
const at = parseInstant('2026-09-01T03:00:00.000Z');
const businessDate = parseLocalDate('2026-09-01');
const request: PaymentRequest = {
  paymentId,
  tenant: asId('demo'),
  account: 'payer-1',
  organisationId: null,
  inputHash: 'hash',
  bills: [{ billId: asId('b1'), amount: null }],
  total: fen(300),
  tender: { channel: 'wallet', walletId: asId('w1') },
  initiatedAt: at,
};
const cash: PaymentRequest = { ...request, tender: { channel: 'cash', tendered: fen(500) } };
const failure = { code: 'INSUFFICIENT_FUNDS', message: 'Too little.', details: { available: '1.00' } };

const paidBill = (billId: string, organisationId: string, amount: number): PaidBill => ({
  billId: asId(billId),
  organisationId: asId(organisationId),
  billNumber: `N-${billId}`,
  payerNumber: '0001',
  description: '学费',
  amount: fen(amount),
});
const bills = [paidBill('b1', 's1', 100), paidBill('b2', 's2', 50), paidBill('b3', 's1', 150)];

const initiate = (change: Partial<PaymentRequest> = {}): PaymentCommand => ({
  kind: 'initiate',
  ...request,
  ...change,
});
const capture: PaymentCommand = { kind: 'capture', bills, cashier: 'clerk-1', businessDate, at };
const refuse: PaymentCommand = { kind: 'refuse', failure, at };
const fail: PaymentCommand = { kind: 'fail', at };

const initiated: PaymentEvent = { type: 'PaymentInitiated', data: request };
const cashInitiated: PaymentEvent = { type: 'PaymentInitiated', data: cash };
const captured: PaymentEvent = {
  type: 'PaymentCaptured',
  data: {
    paymentId,
    bills,
    total: fen(300),
    businessDate,
    capturedAt: at,
    change: null,
    postings: [
      { source: 'hold:p1', destination: 'org:s1:payable', amount: fen(250) },
      { source: 'hold:p1', destination: 'org:s2:payable', amount: fen(50) },
    ],
  },
};
const refused: PaymentEvent = { type: 'PaymentRefused', data: { paymentId, failure, refusedAt: at } };
const failed: PaymentEvent = { type: 'PaymentFailed', data: { paymentId, failure, failedAt: at } };

describe('initiating', () => {
  it('begins a payment once per input', () => {
    spec(paymentDecider).given([]).when(initiate()).then([initiated]);
    const later = parseInstant('2026-09-02T00:00:00.000Z');
    for (const history of [[initiated], [initiated, captured], [initiated, refused, failed]]) {
      spec(paymentDecider)
        .given(history)
        .when(initiate({ initiatedAt: later }))
        .then([]);
      spec(paymentDecider)
        .given(history)
        .when(initiate({ inputHash: 'other' }))
        .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    }
  });
});

describe('capturing', () => {
  it('moves a wallet’s hold to each organisation', () => {
    spec(paymentDecider).given([initiated]).when(capture).then([captured]);
  });

  it('takes cash through the cashier’s drawer and gives change', () => {
    const drawer = 'cash:clerk-1-2026-09-01';
    const postings = [
      { source: 'world:cash', destination: drawer, amount: fen(300) },
      { source: drawer, destination: 'org:s1:payable', amount: fen(250) },
      { source: drawer, destination: 'org:s2:payable', amount: fen(50) },
    ];
    const data = { paymentId, bills, total: fen(300), businessDate, capturedAt: at };
    spec(paymentDecider)
      .given([cashInitiated])
      .when(capture)
      .then([{ type: 'PaymentCaptured', data: { ...data, change: fen(200), postings } }]);
  });

  it('happens once', () => {
    spec(paymentDecider).given([initiated, captured]).when(capture).then([]);
  });

  it('is refused once the payment is refused, and for a payment that is not there', () => {
    for (const history of [
      [initiated, refused],
      [initiated, refused, failed],
    ]) {
      spec(paymentDecider).given(history).when(capture).thenRejected({ code: 'PAYMENT_ENDED' });
    }
    spec(paymentDecider).given([]).when(capture).thenRejected({ code: 'PAYMENT_NOT_FOUND' });
  });

  it('never captures another amount than was agreed to, nor missing cash', () => {
    const less: PaymentCommand = { ...capture, bills: bills.slice(1) } as PaymentCommand;
    spec(paymentDecider).given([initiated]).when(less).thenImpossible();
    const short = { ...cash, tender: { channel: 'cash', tendered: fen(299) } } as const;
    spec(paymentDecider)
      .given([{ type: 'PaymentInitiated', data: short }])
      .when(capture)
      .thenImpossible();
  });
});

describe('refusing and failing', () => {
  it('refuses first, and fails when everything is given back', () => {
    spec(paymentDecider).given([initiated]).when(refuse).then([refused]);
    spec(paymentDecider).given([initiated, refused]).when(fail).then([failed]);
  });

  it('keeps the first reason', () => {
    const other: PaymentCommand = {
      ...refuse,
      failure: { code: 'BILL_RESERVED', message: 'x' },
    } as PaymentCommand;
    spec(paymentDecider).given([initiated, refused]).when(other).then([]);
    spec(paymentDecider).given([initiated, refused, failed]).when(other).then([]);
    spec(paymentDecider).given([initiated, refused, failed]).when(fail).then([]);
  });

  it('never undoes a capture, and never fails what was not refused', () => {
    spec(paymentDecider).given([initiated, captured]).when(refuse).thenRejected({ code: 'PAYMENT_ENDED' });
    spec(paymentDecider).given([initiated, captured]).when(fail).thenRejected({ code: 'PAYMENT_ENDED' });
    spec(paymentDecider).given([initiated]).when(fail).thenRejected({ code: 'PAYMENT_ENDED' });
    spec(paymentDecider).given([]).when(refuse).thenRejected({ code: 'PAYMENT_NOT_FOUND' });
    spec(paymentDecider).given([]).when(fail).thenRejected({ code: 'PAYMENT_NOT_FOUND' });
  });
});

describe('a history that cannot be', () => {
  it.each<[string, readonly PaymentEvent[]]>([
    ['initiated twice', [initiated, initiated]],
    ['captured before it was initiated', [captured]],
    ['captured after it was refused', [initiated, refused, captured]],
    ['captured twice', [initiated, captured, captured]],
    ['refused after it was captured', [initiated, captured, refused]],
    ['failed without being refused', [initiated, failed]],
    ['failed twice', [initiated, refused, failed, failed]],
  ])('is refused: %s', (_what, history) => {
    spec(paymentDecider).given(history).thenImpossible();
  });
});
