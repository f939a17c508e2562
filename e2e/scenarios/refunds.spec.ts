import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, ShopFloor, settled } from './shop-floor.js';
import { billOf, byWallet, handIn, inCash, openSchool, pay, publish, walletWith } from './tuition-acts.js';

interface Refund {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly status: string;
  readonly kind: string;
  readonly amount: { readonly amount: string };
  readonly approvalId: string | null;
  readonly checker: string | null;
  readonly rejection: { readonly code: string } | null;
}

const FIELDS =
  '__typename id kind status amount { amount } lines { billId amount { amount } } channel maker checker approvalNeeded approvalId rejection { code } reference cameBack';
const ON_REFUND = `... on Refund { ${FIELDS} }`;
const NUMBERS = ['R1', 'R2', 'R3'];

let floor: ShopFloor;
let [bursar, supervisor, payer, clerk]: Person[] = [];
let organisationId: string;
let walletId: string;
const bills: string[] = [];

beforeAll(async () => {
  floor = await ShopFloor.open();
  bursar = await floor.person('bursar');
  supervisor = await floor.person('supervisor');
  payer = await floor.person('payer');
  clerk = await floor.person('clerk');
  organisationId = await openSchool(await floor.person('bd'), bursar, 'school-2');
  const rows = NUMBERS.map(
    (number) => `2026-2027,1,${number},学生${number},一年级,一班,TUITION,1200.00,2099-09-30`,
  );
  const file = `academicYear,term,studentNo,name,grade,className,feeItem,amount,dueDate\n${rows.join('\n')}\n`;
  await publish(bursar, await handIn(bursar, new TextEncoder().encode(file), 'bills.csv'));
  for (const number of NUMBERS) bills.push((await billOf(bursar, number)).id);
  walletId = await walletWith(payer, '5000.00');
});
afterAll(() => floor.close());

const ask = (who: Person, input: object) => who.act<Refund>('requestRefund', input, ON_REFUND);
const refundOf = (who: Person, id: string) =>
  who.get<Refund | null>(`query R($id: ID!) { refund(id: $id) { ${FIELDS} } }`, { id });
const balance = async () =>
  (
    await payer!.get<readonly { readonly balance: { readonly amount: string } }[]>(
      '{ wallets { balance { amount } } }',
    )
  )[0]!.balance.amount;
const statusOf = (id: string) =>
  bursar!.get<{ readonly status: string }>('query B($id: ID!) { bill(id: $id) { status } }', { id });

/** The second person, who sees what is asked. */
async function decide(who: Person, approvalId: string, grant: boolean): Promise<{ readonly code?: string }> {
  const approval = (await settled(
    () =>
      who.get<{ readonly payloadHash: string } | null>(
        'query A($id: ID!) { approval(id: $id) { payloadHash } }',
        { id: approvalId },
      ),
    (found) => found !== null,
  ))!;
  return who.act(
    'decideApproval',
    { approvalId, payloadHash: approval.payloadHash, grant },
    '... on Approval { status }',
  );
}

describe('money back', () => {
  it('a part at once; above the limit when another person has agreed; never more than was paid', async () => {
    const payment = await pay(payer!, {
      key: 'p1',
      bills: [bills[0]!],
      total: '1200.00',
      method: byWallet(walletId),
    });
    const watching = bursar!.watch<Refund>(
      `subscription W($of: RefundSelector!) { refundUpdated(of: $of) { ${FIELDS} } }`,
      { of: { organisationId } },
    );
    const part = { idempotencyKey: 'part', paymentId: payment.id, reason: '多收学费' };
    const lines = [{ billId: bills[0], amount: { amount: '300.00' } }];
    const first = await ask(bursar!, { ...part, lines });
    expect(first).toMatchObject({ status: 'RETURNED', amount: { amount: '300.00' }, approvalId: null });
    expect(await ask(bursar!, { ...part, lines })).toEqual(first);
    expect((await ask(bursar!, part)).code).toBe('IDEMPOTENCY_CONFLICT');
    const rest = await ask(bursar!, { ...part, idempotencyKey: 'rest' });
    expect(rest).toMatchObject({ status: 'REQUESTED', amount: { amount: '900.00' }, checker: null });
    expect((await ask(clerk!, { ...part, idempotencyKey: 'more' })).code).toBe('REFUND_EXCEEDS_PAYMENT');
    expect((await ask(payer!, { ...part, idempotencyKey: 'mine' })).code).toBe('FORBIDDEN');
    expect((await decide(bursar!, rest.approvalId!, true)).code).toBe('FORBIDDEN');
    expect((await decide(supervisor!, rest.approvalId!, true)).code).toBeUndefined();
    const done = await settled(
      () => refundOf(bursar!, rest.id),
      (found) => found?.status === 'RETURNED',
    );
    expect(done).toMatchObject({ checker: 'demo-supervisor' });
    await settled(balance, (amount) => amount === '5000.00');
    await settled(
      () => statusOf(bills[0]!),
      ({ status }) => status === 'REFUNDED',
    );
    await watching.until((received) =>
      received.some(({ id, status }) => id === rest.id && status === 'RETURNED'),
    );
    const seen = await payer!.get<object>(
      'query P($id: ID!) { payment(id: $id) { status refunded { amount } refunds { id status } } }',
      { id: payment.id },
    );
    expect(seen).toEqual({
      status: 'CAPTURED',
      refunded: { amount: '1200.00' },
      refunds: [
        { id: rest.id, status: 'RETURNED' },
        { id: first.id, status: 'RETURNED' },
      ],
    });
  });

  it('a receipt is cancelled by two persons: the bill is open again and can be paid anew', async () => {
    const payment = await pay(payer!, {
      key: 'p2',
      bills: [bills[1]!],
      total: '1200.00',
      method: byWallet(walletId),
    });
    const receiptId = payment.receipts[0]!.id;
    const cancel = { idempotencyKey: 'cancel', receiptId, reason: '开错人' };
    const declined = await bursar!.act<Refund>('cancelReceipt', cancel, ON_REFUND);
    expect(declined).toMatchObject({ kind: 'RECEIPT_CANCEL', status: 'REQUESTED' });
    await decide(supervisor!, declined.approvalId!, false);
    await settled(
      () => refundOf(bursar!, declined.id),
      (found) => found?.status === 'REJECTED' && found.rejection?.code === 'NOT_APPROVED',
    );
    const again = { ...cancel, idempotencyKey: 'cancel-2' };
    const asked = await bursar!.act<Refund>('cancelReceipt', again, ON_REFUND);
    await decide(supervisor!, asked.approvalId!, true);
    await settled(
      () => refundOf(bursar!, asked.id),
      (found) => found?.status === 'RETURNED',
    );
    const read = () =>
      bursar!.get<{ readonly status: string; readonly cancelReason: string | null }>(
        'query R($id: ID!) { receipt(id: $id) { status cancelReason } }',
        { id: receiptId },
      );
    const receipt = await settled(read, ({ status }) => status === 'CANCELLED');
    expect(receipt.cancelReason).toBe('开错人');
    await settled(
      () => statusOf(bills[1]!),
      ({ status }) => status === 'ISSUED',
    );
    expect(await bursar!.act('cancelReceipt', { ...cancel, idempotencyKey: 'c3' }, ON_REFUND)).toMatchObject({
      code: 'RECEIPT_CANCELLED',
    });
    const anew = await pay(payer!, {
      key: 'p3',
      bills: [bills[1]!],
      total: '1200.00',
      method: byWallet(walletId),
    });
    expect(anew.receipts[0]!.id).not.toBe(receiptId);
  });

  it('cash goes back over the counter, once; what waits for a second person can be called off', async () => {
    const payment = await pay(clerk!, {
      key: 'p4',
      bills: [bills[2]!],
      total: '1200.00',
      method: inCash('1200.00'),
    });
    const input = { idempotencyKey: 'cash', paymentId: payment.id, reason: '重复缴费' };
    const waiting = await ask(bursar!, input);
    const withdraw = { idempotencyKey: 'off', refundId: waiting.id, reason: '家长改主意' };
    expect(await clerk!.act('withdrawRefund', withdraw, ON_REFUND)).toMatchObject({
      code: 'REFUND_NOT_FOUND',
    });
    expect(await bursar!.act('withdrawRefund', withdraw, ON_REFUND)).toMatchObject({ status: 'REJECTED' });
    const lines = [{ billId: bills[2], amount: { amount: '500.00' } }];
    const sent = await ask(bursar!, { ...input, idempotencyKey: 'cash-2', lines });
    expect(sent.status).toBe('SENT');
    const confirm = { idempotencyKey: 'handed', refundId: sent.id, reference: 'H-1' };
    expect(await clerk!.act('confirmRefund', confirm, ON_REFUND)).toMatchObject({
      status: 'RETURNED',
      reference: 'H-1',
    });
    const twice = { ...confirm, idempotencyKey: 'handed-again' };
    expect(await bursar!.act('confirmRefund', twice, ON_REFUND)).toMatchObject({ code: 'REFUND_ENDED' });
    const auditor = await floor.person('auditor');
    const ledger = await settled(
      () =>
        auditor.get<{ readonly accounts: readonly { readonly account: string }[] }>(
          '{ trialBalance { accounts { account balance { amount } } sum { amount } unposted } }',
        ),
      ({ accounts }) => accounts.some(({ account }) => account.startsWith('world:cash')),
    );
    expect(ledger).toMatchObject({ sum: { amount: '0.00' }, unposted: 0 });
    const left = ledger.accounts.filter(({ account }) => account === 'clearing:refund');
    expect(left.every((account) => JSON.stringify(account).includes('"0.00"'))).toBe(true);
  });
});
