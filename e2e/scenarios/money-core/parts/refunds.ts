import { settled } from '../../person.js';
import {
  ON_REFUND,
  type Payment,
  type Refund,
  byOperator,
  byWallet,
  inCash,
  openWallet,
  paid,
  refundBecomes,
  walletBecomes,
  walletOf,
} from '../acts.js';
import type { Person } from '../../person.js';
import { approvalOf, approve, decide } from '../approving.js';
import { holds } from '../holds.js';
import { minus, plus } from '../money.js';
import type { Story } from '../story.js';

interface Asking {
  readonly payment: Payment;
  /** Without it: everything that can still go back. */
  readonly amount?: string;
  readonly key?: string;
}

export function askForRefund(story: Story, who: Person, { payment, amount, key }: Asking): Promise<Refund> {
  const lines = amount && [{ billId: payment.bills[0]!.billId, amount: { amount } }];
  const input = {
    idempotencyKey: key ?? story.key(),
    paymentId: payment.id,
    reason: '退费',
    ...(lines && { lines }),
  };
  return who.act<Refund>('requestRefund', input, ON_REFUND);
}

export async function refunds(story: Story): Promise<void> {
  story.part('Refunds');
  const walletId = await openWallet(story, story.payer, '5000.00');
  await below(story, walletId);
  await above(story, walletId);
  await declined(story, walletId);
  await handedOut(story);
  await byTheBank(story);
}

async function below(story: Story, walletId: string): Promise<void> {
  const { school, payer, bursar } = story;
  await story.step('below the limit at once, in parts, never more than was paid', async () => {
    const { id: billId } = await school.one('300.00');
    const payment = await paid(story, payer, { billId, amount: '300.00', method: byWallet(walletId) });
    const { balance } = await walletOf(payer, walletId);
    const key = story.key();
    const first = await askForRefund(story, bursar, { payment, amount: '100.00', key });
    holds('refund', first, { status: 'RETURNED', approvalNeeded: false, amount: { amount: '100.00' } });
    const again = await askForRefund(story, bursar, { payment, amount: '100.00', key });
    holds('the same key', again, { id: first.id });
    const other = await askForRefund(story, bursar, { payment, amount: '90.00', key });
    holds('the key with another amount', other, { __typename: 'IdempotencyConflict' });
    await walletBecomes(payer, walletId, plus(balance.amount, '100.00'));
    const partly = await school.billBecomes(billId, { status: 'PARTIALLY_REFUNDED', outstanding: '0.00' });
    holds('refunded on the bill', partly.refunded.amount, '100.00');
    const beyond = await askForRefund(story, bursar, { payment, amount: '200.01' });
    holds('more than can go back', beyond, { __typename: 'RefundExceedsPayment' });
    const atOnce = await Promise.all(
      ['120.00', '120.00', '120.00'].map((amount) => askForRefund(story, bursar, { payment, amount })),
    );
    const through = atOnce.filter(({ status }) => status === 'RETURNED').length;
    holds('of three at once that would be too much', through, 1);
    holds('the rest', await askForRefund(story, bursar, { payment }), { amount: { amount: '80.00' } });
    await walletBecomes(payer, walletId, plus(balance.amount, '300.00'));
    await school.billBecomes(billId, { status: 'REFUNDED', outstanding: '0.00' });
    const none = await askForRefund(story, bursar, { payment });
    holds('nothing is left', none, { __typename: 'RefundExceedsPayment' });
    return '¥100.00 + ¥120.00 + ¥80.00 of ¥300.00 in the wallet at once; beyond refused, three at once too';
  });
}

async function above(story: Story, walletId: string): Promise<void> {
  const { school, payer, bursar, supervisor, ops } = story;
  await story.step('above the limit with a second person', async () => {
    const { id: billId } = await school.one('800.00');
    const payment = await paid(story, payer, { billId, amount: '800.00', method: byWallet(walletId) });
    const { balance } = await walletOf(payer, walletId);
    const asked = await askForRefund(story, supervisor, { payment, amount: '600.00' });
    holds('refund', asked, { status: 'REQUESTED', approvalNeeded: true, checker: null });
    const shown = await approvalOf(ops, asked.approvalId!);
    const amounts = shown.payload.filter(({ name }) => name === 'amount').map(({ value }) => value);
    holds('what the second person is shown', amounts, ['600.00']);
    holds('the person who asked', await decide(supervisor, shown), { __typename: 'SamePerson' });
    holds('a bursar', await decide(bursar, shown), { __typename: 'Forbidden' });
    const edited = { id: shown.id, payloadHash: '0'.repeat(64) };
    holds('another payload than shown', await decide(ops, edited), { __typename: 'ApprovalStale' });
    await walletBecomes(payer, walletId, balance.amount);
    const meanwhile = await askForRefund(story, bursar, { payment, amount: '201.00' });
    holds('what is held meanwhile', meanwhile, { __typename: 'RefundExceedsPayment' });
    await approve(ops, asked.approvalId!, 'REFUND');
    const done = await refundBecomes(supervisor, asked.id, { status: 'RETURNED' });
    holds('who agreed', done.checker, 'demo-ops');
    await walletBecomes(payer, walletId, plus(balance.amount, '600.00'));
    const replayed = await decide(supervisor, shown);
    holds('the decision replayed', replayed, { code: /^(SAME_PERSON|APPROVAL_CLOSED)$/ });
    return '¥600.00: same person, bursar and edited payload refused; granted by operations';
  });
}

async function declined(story: Story, walletId: string): Promise<void> {
  const { school, payer, bursar, supervisor } = story;
  await story.step('declined, or called off', async () => {
    const { id: billId } = await school.one('900.00');
    const payment = await paid(story, payer, { billId, amount: '900.00', method: byWallet(walletId) });
    const { balance } = await walletOf(payer, walletId);
    const first = await askForRefund(story, bursar, { payment });
    holds('refund', first, { status: 'REQUESTED', amount: { amount: '900.00' } });
    const shown = await approvalOf(supervisor, first.approvalId!);
    holds('the decision', await decide(supervisor, shown, false), { status: 'DECLINED' });
    const rejected = await refundBecomes(bursar, first.id, { status: 'REJECTED' });
    holds('why', rejected.rejection, { code: 'NOT_APPROVED' });
    const second = await askForRefund(story, bursar, { payment });
    holds('asked for again', second, { status: 'REQUESTED', amount: { amount: '900.00' } });
    const off = { idempotencyKey: story.key(), refundId: second.id, reason: '误操作' };
    holds('called off', await bursar.act('withdrawRefund', off, ON_REFUND), {
      status: 'REJECTED',
      rejection: { code: 'WITHDRAWN' },
    });
    await walletBecomes(payer, walletId, balance.amount);
    await school.billBecomes(billId, { status: 'PAID', outstanding: '0.00' });
    return 'NOT_APPROVED and WITHDRAWN; nothing went back, and all could be asked for again';
  });
}

async function handedOut(story: Story): Promise<void> {
  const { school, clerk, bursar, auditor } = story;
  await story.step('cash is handed out', async () => {
    const { id: billId } = await school.one('150.00');
    const payment = await paid(story, clerk, { billId, amount: '150.00', method: inCash('150.00') });
    const asked = await askForRefund(story, bursar, { payment, amount: '50.00' });
    holds('refund', asked, { status: 'SENT', approvalNeeded: false });
    const confirming = { idempotencyKey: story.key(), refundId: asked.id, reference: 'K-1' };
    const done = await clerk.act<Refund>('confirmRefund', confirming, ON_REFUND);
    holds('handed out', done, { status: 'RETURNED', reference: 'K-1' });
    const twice = { ...confirming, idempotencyKey: story.key() };
    holds('handed out again', await clerk.act('confirmRefund', twice, ON_REFUND), {
      __typename: 'RefundEnded',
    });
    await school.billBecomes(billId, { status: 'PARTIALLY_REFUNDED', outstanding: '0.00' });
    holds('trial balance', await auditor.get('{ trialBalance { sum { amount } unposted } }'), {
      sum: { amount: '0.00' },
      unposted: 0,
    });
    return '¥50.00 over the counter, confirmed once';
  });
}

async function byTheBank(story: Story): Promise<void> {
  const { school, payer, bursar, ops, bank } = story;
  await story.step('by the bank, tracked to its end', async () => {
    const { id: billId } = await school.one('400.00');
    const payment = await paid(story, payer, { billId, amount: '400.00', method: byOperator() });
    const done = await askForRefund(story, bursar, { payment, amount: '100.00' });
    await refundBecomes(bursar, done.id, { status: 'RETURNED', cameBack: false });
    holds('at the bank', await bank.effectOf('refund', done.id), { kind: 'refund', moved: 1, returned: 0 });
    const late = await askForRefund(story, bursar, { payment, amount: '50.03' });
    holds('a refund that takes its time', late, { status: 'SENT' });
    await refundBecomes(bursar, late.id, { status: 'RETURNED' });
    const refused = await askForRefund(story, bursar, { payment, amount: '50.01' });
    holds(
      'a refund that the bank declines',
      await refundBecomes(bursar, refused.id, { status: 'REJECTED' }),
      {
        rejection: { code: 'BANK_DECLINED' },
      },
    );
    const back = await askForRefund(story, bursar, { payment, amount: '60.07' });
    await refundBecomes(bursar, back.id, { status: 'RETURNED', cameBack: true });
    holds('at the bank', await bank.effectOf('refund', back.id), { moved: 1, returned: 1 });
    const cases = () =>
      ops.get<{ readonly nodes: readonly { readonly subject: string; readonly status: string }[] }>(
        'query C($filter: CaseFilter) { cases(filter: $filter, first: 250) { nodes { subject status } } }',
        { filter: { kinds: ['REFUND_RETURNED_BY_BANK'], statuses: ['OPEN'] } },
      );
    const subject = `refund-${Buffer.from(back.id, 'base64url').toString().split(':')[1]}`;
    await settled(cases, ({ nodes }) => nodes.some((one) => one.subject === subject));
    const bill = await school.bill(billId);
    const gone = [bill.refunded.amount, minus('400.00', bill.refunded.amount)];
    return `¥100.00 and ¥50.03 RETURNED, ¥50.01 declined, ¥60.07 came back with a case; ¥${gone[0]} refunded on the bill`;
  });
}
