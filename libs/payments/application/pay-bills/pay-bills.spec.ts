import { describe, expect, it } from '@jest/globals';
import { asId, type BillId } from '#libs/kernel/ids/index.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import {
  billStateOf,
  callerOf,
  fen,
  OTHER_SCHOOL,
  paymentNode,
  recordedEvents,
  SCHOOL,
} from '#libs/testing/payment-world.js';
import { accepted, byWallet, payer, ready } from '#libs/testing/payment-fixture.js';
import type { PayBillsInput } from '../../contract/index.js';

describe('paying bills', () => {
  it('by wallet: captures, allocates, spends the hold and answers with a numbered receipt', async () => {
    const { world, node, billId, walletId } = await ready();
    const payment = accepted(await node.pay(payer, byWallet(walletId, [billId], 14_095)));
    expect(payment).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'CAPTURED',
      channel: 'wallet',
      total: fen(14_095),
      bills: [{ billId, organisationId: SCHOOL, amount: fen(14_095) }],
      initiatedAt: '2026-09-01T00:00:00.000Z',
      capturedAt: '2026-09-01T00:00:00.000Z',
      receipts: [
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          number: '2026-00000001',
          organisationId: SCHOOL,
          paymentId: payment.id,
          total: fen(14_095),
          channel: 'wallet',
          issuedAt: '2026-09-01T00:00:00.000Z',
          verificationCode: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{12}$/),
          status: 'ISSUED',
          lines: [
            {
              billId,
              billNumber: expect.stringMatching(/^2026(-[0-9A-Z]{4}){3}$/),
              payerNumber: '0001',
              payerName: '学生0001',
              description: '学费 2026-2027 1',
              amount: fen(14_095),
            },
          ],
        },
      ],
    });
    const events = await recordedEvents(world.log);
    const steps = events.slice(-7).map(({ type }) => type);
    expect([...steps.slice(0, 4), ...steps.slice(4, 6).sort(), steps[6]]).toEqual([
      'PaymentInitiated.v2',
      'BillReserved.v1',
      'WalletHoldPlaced.v1',
      'PaymentCaptured.v1',
      'BillPaymentAllocated.v1',
      'WalletHoldSpent.v1',
      'ReceiptIssued.v2',
    ]);
    expect(auditPayments(events)).toEqual([]);
    expect(await billStateOf(node, billId)).toMatchObject({ status: 'paid', outstanding: 0n, reserved: 0n });
  });

  it('in cash at the counter of one organisation: change, and a drawer that is empty again', async () => {
    const { world, node, billId } = await ready();
    const clerk = callerOf('clerk', 'clerk-1', SCHOOL);
    const input: PayBillsInput = {
      idempotencyKey: 'key-1',
      bills: [{ billId }],
      expectedTotal: fen(14_095),
      method: { channel: 'cash', tendered: fen(15_000) },
    };
    const payment = accepted(await node.pay(clerk, input));
    expect(payment).toMatchObject({ status: 'CAPTURED', channel: 'cash', change: fen(905) });
    const events = await recordedEvents(world.log);
    const captured = events.find(({ type }) => type === 'PaymentCaptured.v1');
    expect(captured?.data['postings']).toEqual([
      {
        source: 'world:cash',
        destination: 'cash:clerk-1-2026-09-01',
        amount: { asset: 'CNY/2', amount: '14095' },
      },
      {
        source: 'cash:clerk-1-2026-09-01',
        destination: 'org:school-1:payable',
        amount: { asset: 'CNY/2', amount: '14095' },
      },
    ]);
    expect(auditPayments(events)).toEqual([]);
  });

  it('several bills of two organisations in one payment, in part too: a receipt per organisation', async () => {
    const { world, node, billId, walletId } = await ready();
    const elsewhere = await node.issueBill('0002', 5_000, OTHER_SCHOOL);
    const input: PayBillsInput = {
      ...byWallet(walletId, [], 7_000),
      bills: [{ billId, amount: fen(2_000) }, { billId: elsewhere }],
    };
    const payment = accepted(await node.pay(payer, input));
    expect(
      payment.receipts.map(({ organisationId, number, total }) => [organisationId, number, total]),
    ).toEqual([
      [SCHOOL, '2026-00000001', fen(2_000)],
      [OTHER_SCHOOL, '2026-00000001', fen(5_000)],
    ]);
    expect(await billStateOf(node, billId)).toMatchObject({ status: 'partiallyPaid', outstanding: 12_095n });
    expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
    const rest = accepted(await node.pay(payer, byWallet(walletId, [billId], 12_095, 'key-2')));
    expect(rest.receipts.map(({ number }) => number)).toEqual(['2026-00000002']);
  });

  it('at the tenant’s own counter: any organisation; at a school’s counter: its own bills alone', async () => {
    const { node, billId } = await ready();
    const input: PayBillsInput = {
      idempotencyKey: 'k',
      bills: [{ billId }],
      expectedTotal: fen(14_095),
      method: { channel: 'cash', tendered: fen(14_095) },
    };
    const stranger = await node.pay(callerOf('clerk', 'clerk-2', OTHER_SCHOOL), input);
    expect(stranger).toMatchObject({ accepted: false, rejection: { code: 'BILL_NOT_FOUND' } });
    expect(accepted(await node.pay(callerOf('clerk', 'clerk-3'), input)).status).toBe('CAPTURED');
  });
});

describe('a refused payment', () => {
  it('is stored, cleaned up, and answered alike for the same key', async () => {
    const { world, node, billId, walletId } = await ready(1_000);
    const input = byWallet(walletId, [billId], 14_095);
    const first = await node.pay(payer, input);
    expect(first).toEqual({
      accepted: false,
      rejection: {
        code: 'INSUFFICIENT_FUNDS',
        message: 'The wallet does not hold enough.',
        path: ['input', 'method', 'wallet'],
        details: { available: '10.00', required: '140.95' },
      },
    });
    const events = await recordedEvents(world.log);
    expect(events.slice(-6).map(({ type }) => type)).toEqual([
      'PaymentInitiated.v2',
      'BillReserved.v1',
      'PaymentRefused.v1',
      'BillReservationReleased.v1',
      'WalletPaymentBarred.v1',
      'PaymentFailed.v1',
    ]);
    expect(auditPayments(events)).toEqual([]);
    await paymentNode(world).openWallet('payer-1', 50_000);
    expect(await paymentNode(world).pay(payer, input)).toEqual(first);
    expect(accepted(await node.pay(payer, { ...input, idempotencyKey: 'key-2' })).status).toBe('CAPTURED');
  });

  const cases: [string, (ids: { billId: BillId; walletId: string }) => PayBillsInput, object][] = [
    [
      'a total that the payer did not agree to',
      ({ billId, walletId }) => byWallet(walletId, [billId], 14_000),
      {
        code: 'AMOUNT_MISMATCH',
        path: ['input', 'expectedTotal'],
        details: { expected: '140.00', actual: '140.95' },
      },
    ],
    [
      'more than is outstanding',
      ({ billId, walletId }) => ({
        ...byWallet(walletId, [], 20_000),
        bills: [{ billId, amount: fen(20_000) }],
      }),
      { code: 'AMOUNT_EXCEEDS_OUTSTANDING', path: ['input', 'bills', '0'] },
    ],
    [
      'a bill that is not there',
      ({ billId, walletId }) =>
        byWallet(walletId, [billId, asId('00000000-0000-8000-8000-000000000000')], 14_095),
      { code: 'BILL_NOT_FOUND', path: ['input', 'bills', '1'] },
    ],
    [
      'a wallet that is not there',
      ({ billId }) => byWallet('00000000-0000-8000-8000-000000000000', [billId], 14_095),
      { code: 'WALLET_NOT_FOUND', path: ['input', 'method', 'wallet'] },
    ],
  ];
  it.each(cases)('names %s', async (_what, inputOf, rejection) => {
    const { world, node, billId, walletId } = await ready();
    const outcome = await node.pay(payer, inputOf({ billId, walletId }));
    expect(outcome).toMatchObject({ accepted: false, rejection });
    expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
    expect(await billStateOf(node, billId)).toMatchObject({ status: 'issued', reserved: 0n });
  });

  it('takes no short cash, no stranger’s wallet and no paid bill', async () => {
    const { node, billId, walletId } = await ready();
    const cash: PayBillsInput = {
      ...byWallet(walletId, [billId], 14_095, 'cash'),
      method: { channel: 'cash', tendered: fen(14_094) },
    };
    expect(await node.pay(callerOf('clerk', 'clerk-1', SCHOOL), cash)).toMatchObject({
      accepted: false,
      rejection: { code: 'CASH_SHORT', details: { required: '140.95', tendered: '140.94' } },
    });
    const input = byWallet(walletId, [billId], 14_095);
    expect(await node.pay(callerOf('payer', 'payer-2'), input)).toMatchObject({
      accepted: false,
      rejection: { code: 'WALLET_NOT_FOUND' },
    });
    accepted(await node.pay(payer, input));
    expect(await node.pay(payer, { ...input, idempotencyKey: 'again' })).toMatchObject({
      accepted: false,
      rejection: { code: 'BILL_ALREADY_PAID', details: { billId } },
    });
  });
});

describe('a request that never becomes a payment', () => {
  it('stores nothing', async () => {
    const { world, node, billId, walletId } = await ready();
    const before = (await recordedEvents(world.log)).length;
    const input = byWallet(walletId, [billId], 14_095);
    const many = Array.from({ length: 51 }, (_, index) =>
      asId<'bill'>(`00000000-0000-8000-8000-${String(index).padStart(12, '0')}`),
    );
    const refusals = [
      await node.pay(callerOf('bursar', 'b1', SCHOOL), input),
      await node.pay(callerOf('clerk', 'c1', SCHOOL), input),
      await node.pay(payer, { ...input, method: { channel: 'cash', tendered: fen(1) } }),
      await node.pay(payer, { ...input, bills: many.map((id) => ({ billId: id })) }),
      await node.pay(payer, { ...input, bills: [{ billId }, { billId }] }),
      await node.pay(payer, { ...input, bills: [{ billId: asId('../../etc') }] }),
      await node.pay(payer, byWallet('x'.repeat(5_000), [billId], 14_095)),
    ];
    expect(refusals.map((outcome) => (outcome.accepted ? 'accepted' : outcome.rejection.code))).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
      'FORBIDDEN',
      'TOO_MANY_BILLS',
      'DUPLICATE_BILL',
      'BILL_NOT_FOUND',
      'WALLET_NOT_FOUND',
    ]);
    await expect(node.pay(payer, { ...input, bills: [] })).rejects.toMatchObject({ code: 'NO_BILLS' });
    await expect(node.pay(payer, { ...input, idempotencyKey: ' ' })).rejects.toMatchObject({
      code: 'INVALID_IDEMPOTENCY_KEY',
    });
    const nothing = { ...input, bills: [{ billId, amount: fen(0) }] };
    await expect(node.pay(payer, nothing)).rejects.toMatchObject({ code: 'INVALID_AMOUNT' });
    expect(await recordedEvents(world.log)).toHaveLength(before);
  });
});
