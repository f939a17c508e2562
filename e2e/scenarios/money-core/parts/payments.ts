import { settled } from '../../person.js';
import {
  type Payment,
  ON_PAYMENT,
  byWallet,
  inputOf,
  openWallet,
  paid,
  pay,
  walletBecomes,
  walletOf,
} from '../acts.js';
import { NotAsItShouldBe, holds } from '../holds.js';
import { type Money, minus, sumOf } from '../money.js';
import type { Story } from '../story.js';
import { quoted } from './quotes.js';

const CALLS_AT_ONCE = 100;

export async function payments(story: Story): Promise<void> {
  story.part('Payments');
  const walletId = await openWallet(story, story.payer, '9000.00');
  await severalBills(story, walletId);
  await raced(story, walletId);
  await inParts(story, walletId);
  await beforehand(story, walletId);
  await oldestFirst(story, walletId);
  await quoted(story, walletId);
  await rehearsed(story, walletId);
  await repeated(story, walletId);
}

async function severalBills(story: Story, walletId: string): Promise<void> {
  const { school, payer } = story;
  await story.step('several bills in one payment', async () => {
    const bills = await school.issue([{ amount: '120.00' }, { amount: '80.50' }, { amount: '99.50' }]);
    const before = await walletOf(payer, walletId);
    const paying = {
      bills: bills.map(({ id }) => ({ billId: id })),
      total: '300.00',
      method: byWallet(walletId),
    };
    const short = await pay(story, payer, { ...paying, total: '299.99' });
    holds('another total than the bills', short, { __typename: 'AmountMismatch' });
    const payment = await pay(story, payer, paying);
    holds('payment', payment, {
      status: 'CAPTURED',
      channel: 'WALLET',
      total: { amount: '300.00' },
      receipts: [{ total: { amount: '300.00' }, status: 'ISSUED' }],
    });
    holds('sum over its bills', sumOf(payment.bills.map(({ amount }) => amount.amount)), '300.00');
    for (const { id } of bills) {
      const bill = await school.billBecomes(id, { status: 'PAID', outstanding: '0.00' });
      holds(
        'payments of the bill',
        bill.payments.map((one) => one.id),
        [payment.id],
      );
    }
    await walletBecomes(payer, walletId, minus(before.balance.amount, '300.00'));
    return `3 bills PAID by ¥300.00 from the wallet, receipt ${payment.receipts[0]!.number}`;
  });
}

async function raced(story: Story, walletId: string): Promise<void> {
  const { school, payer, payer2 } = story;
  await story.step('two payers at one bill: one of them pays', async () => {
    const bill = await school.one('45.00');
    const theirs = await openWallet(story, payer2, '100.00');
    const paying = { bills: [{ billId: bill.id }], total: '45.00' };
    const answers = await Promise.all([
      pay(story, payer, { ...paying, method: byWallet(walletId) }),
      pay(story, payer2, { ...paying, method: byWallet(theirs) }),
    ]);
    const paidBy = answers.filter(({ status }) => status === 'CAPTURED');
    holds('payments captured', paidBy.length, 1);
    const refused = answers.find(({ status }) => status !== 'CAPTURED');
    holds('the other', refused, { code: /^BILL_(RESERVED|ALREADY_PAID)$/ });
    const found = await school.billBecomes(bill.id, { status: 'PAID', outstanding: '0.00' });
    holds('paid on the bill', found.paid.amount, '45.00');
    return `one CAPTURED, the other ${refused!.code}`;
  });
}

async function inParts(story: Story, walletId: string): Promise<void> {
  const { school, payer } = story;
  await story.step('part payments, from the minimum on', async () => {
    const { id: billId } = await school.one('120.00');
    const method = byWallet(walletId);
    await paid(story, payer, { billId, amount: '50.00', method });
    await school.billBecomes(billId, { status: 'PARTIALLY_PAID', outstanding: '70.00' });
    const small = await pay(story, payer, { bills: [{ billId, amount: '10.00' }], total: '10.00', method });
    holds('less than the minimum', small, { __typename: 'PartialNotAllowed', code: 'PARTIAL_NOT_ALLOWED' });
    await school.billBecomes(billId, { status: 'PARTIALLY_PAID', outstanding: '70.00' });
    await paid(story, payer, { billId, amount: '70.00', method });
    await school.billBecomes(billId, { status: 'PAID', outstanding: '0.00' });
    return '¥50.00, then ¥10.00 refused (minimum ¥20.00), then the rest: PAID';
  });
}

async function advanceOf(story: Story, payerNumber: string): Promise<string | undefined> {
  const { nodes } = await story.bursar.get<{ readonly nodes: readonly { readonly available: Money }[] }>(
    'query A($id: ID!, $payerNumber: String) { advances(organisationId: $id, payerNumber: $payerNumber) { nodes { available { amount } } } }',
    { id: story.school.id, payerNumber },
  );
  return nodes[0]?.available.amount;
}

async function advanceBecomes(story: Story, payerNumber: string, available: string): Promise<void> {
  const ask = () => advanceOf(story, payerNumber);
  const found = await settled(ask, (amount) => amount === available).catch(ask);
  holds(`advance of ${payerNumber}`, found, available);
}

async function beforehand(story: Story, walletId: string): Promise<void> {
  const { school, payer } = story;
  await story.step('what is overpaid is carried forward to the next bill', async () => {
    const student = school.student();
    const [first] = await school.issue([{ amount: '100.00', student, term: '1' }]);
    const payment = await pay(story, payer, {
      bills: [{ billId: first!.id, amount: '150.00' }],
      total: '150.00',
      method: byWallet(walletId),
    });
    holds('payment', payment, {
      status: 'CAPTURED',
      bills: [{ amount: { amount: '100.00' }, advance: { amount: '50.00' } }],
    });
    await advanceBecomes(story, student, '50.00');
    const [next] = await school.issue([{ amount: '120.00', student, term: '2' }]);
    const bill = await school.billBecomes(next!.id, { status: 'PARTIALLY_PAID', outstanding: '70.00' });
    holds('how the next bill was paid', bill.payments, [{ status: 'CAPTURED', channel: 'ADVANCE' }]);
    await advanceBecomes(story, student, '0.00');
    return '¥150.00 on a bill of ¥100.00, ¥50.00 on the bill issued next';
  });
}

async function oldestFirst(story: Story, walletId: string): Promise<void> {
  const { school, payer } = story;
  await story.step('an advance pays the oldest bill first', async () => {
    const student = school.student();
    const [youngest, oldest, middle] = await school.issue([
      { amount: '60.00', student, term: '3', dueDate: '2099-03-31' },
      { amount: '120.00', student, term: '1', dueDate: '2099-01-31' },
      { amount: '90.00', student, term: '2', dueDate: '2099-02-28' },
    ]);
    await pay(story, payer, {
      bills: [{ billId: youngest!.id, amount: '210.00' }],
      total: '210.00',
      method: byWallet(walletId),
    });
    await school.billBecomes(youngest!.id, { status: 'PAID', outstanding: '0.00' });
    await school.billBecomes(oldest!.id, { status: 'PAID', outstanding: '0.00' });
    await school.billBecomes(middle!.id, { status: 'PARTIALLY_PAID', outstanding: '60.00' });
    await advanceBecomes(story, student, '0.00');
    return '¥150.00 too much: ¥120.00 on the oldest, ¥30.00 on the one after it';
  });
}

async function rehearsed(story: Story, walletId: string): Promise<void> {
  const { school, payer, auditor } = story;
  await story.step('a dry run answers like the payment and leaves nothing', async () => {
    const { id: billId } = await school.one('75.00');
    const look = async (): Promise<unknown> => [
      await auditor.get('{ trialBalance { accounts { account balance { amount } } } }'),
      await school.bill(billId),
      await school.timeline(billId),
      await walletOf(payer, walletId),
      await story.bursar.get(
        'query P($id: ID!) { payments(organisationId: $id, first: 1) { totalCount nodes { id } } }',
        { id: school.id },
      ),
    ];
    const before = await quiet(look);
    const input = inputOf(story, { bills: [{ billId }], total: '75.00', method: byWallet(walletId) });
    const preview = (asked: object): Promise<Payment> =>
      payer.get<Payment>(
        `query P($input: PayBillsInput!) { previewPayment(input: $input) { __typename ... on Rejection { code } ${ON_PAYMENT} } }`,
        { input: asked },
      );
    holds('dry run', await preview(input), {
      __typename: 'Payment',
      status: 'CAPTURED',
      total: { amount: '75.00' },
      bills: [{ billId, amount: { amount: '75.00' } }],
    });
    const tooMuch = { ...input, expectedTotal: { amount: '76.00' } };
    holds('dry run of another total', await preview(tooMuch), { __typename: 'AmountMismatch' });
    holds('ledger, bill, wallet and payments after the dry run', await look(), before);
    return 'ledger, bill, wallet and payments are the same before and after';
  });
}

/** The same twice in a row: views have caught up with what went before. */
async function quiet(look: () => Promise<unknown>): Promise<unknown> {
  let last: unknown;
  return settled(look, (seen) => {
    const same = JSON.stringify(seen) === JSON.stringify(last);
    last = seen;
    return same;
  });
}

async function repeated(story: Story, walletId: string): Promise<void> {
  const { school, payer } = story;
  await story.step('the same key with another amount is refused', async () => {
    const { id: billId } = await school.one('60.00');
    const paying = { method: byWallet(walletId), key: story.key() };
    const first = await pay(story, payer, {
      ...paying,
      bills: [{ billId, amount: '30.00' }],
      total: '30.00',
    });
    holds('payment', first, { status: 'CAPTURED' });
    const other = await pay(story, payer, {
      ...paying,
      bills: [{ billId, amount: '25.00' }],
      total: '25.00',
    });
    holds('the key with another amount', other, {
      __typename: 'IdempotencyConflict',
      code: 'IDEMPOTENCY_CONFLICT',
    });
    const again = await pay(story, payer, {
      ...paying,
      bills: [{ billId, amount: '30.00' }],
      total: '30.00',
    });
    holds('the key with the same amount', again, { id: first.id, status: 'CAPTURED' });
    await school.billBecomes(billId, { status: 'PARTIALLY_PAID', outstanding: '30.00' });
    return 'IDEMPOTENCY_CONFLICT; with the same amount the same payment';
  });

  await story.step(`${CALLS_AT_ONCE} calls at once with one key make one payment`, async () => {
    const { id: billId } = await school.one('40.00');
    const before = await walletOf(payer, walletId);
    const paying = { bills: [{ billId }], total: '40.00', method: byWallet(walletId), key: story.key() };
    const answers = await Promise.all(Array.from({ length: CALLS_AT_ONCE }, () => pay(story, payer, paying)));
    const ids = new Set(answers.map(({ id, status }) => `${id} ${status}`));
    if (ids.size !== 1) throw new NotAsItShouldBe(`one payment: expected 1, came ${[...ids].join(', ')}`);
    holds('the answer', answers[0], { status: 'CAPTURED', receipts: [{ total: { amount: '40.00' } }] });
    const bill = await school.billBecomes(billId, { status: 'PAID', outstanding: '0.00' });
    holds('payments of the bill', bill.payments.length, 1);
    await walletBecomes(payer, walletId, minus(before.balance.amount, '40.00'));
    return '100 answers alike, one payment on the bill, the wallet charged once';
  });
}
