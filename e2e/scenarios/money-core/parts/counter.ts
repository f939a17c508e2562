import { byTransfer, inCash, pay, paymentBecomes, paymentOf, refundBecomes } from '../acts.js';
import { ON_REFUND, type Refund } from '../acts.js';
import { approve } from '../approving.js';
import { dayFromToday } from '../days.js';
import { holds } from '../holds.js';
import type { Story } from '../story.js';

const cheque = (date: string, number = 'A1234567'): object => ({
  cheque: { number, bank: '示范第一银行', date },
});

/** What a clerk takes, and what a payer sends by a bank. */
export async function counter(story: Story): Promise<void> {
  story.part('Channels: counter and transfer');
  await cash(story);
  await cheques(story);
  await terminal(story);
  await transfer(story);
}

async function cash(story: Story): Promise<void> {
  const { school, clerk, payer } = story;
  await story.step('cash, with change', async () => {
    const { id: billId } = await school.one('120.00');
    const paying = { bills: [{ billId }], total: '120.00' };
    const short = await pay(story, clerk, { ...paying, method: inCash('100.00') });
    holds('too little', short, { __typename: 'CashShort' });
    const byPayer = await pay(story, payer, { ...paying, method: inCash('150.00') });
    holds('cash without a clerk', byPayer, { __typename: 'Forbidden' });
    const payment = await pay(story, clerk, { ...paying, method: inCash('150.00') });
    holds('payment', payment, { status: 'CAPTURED', channel: 'CASH', change: { amount: '30.00' } });
    await school.billBecomes(billId, { status: 'PAID', outstanding: '0.00' });
    return '¥150.00 for ¥120.00, ¥30.00 back; too little refused';
  });
}

async function cheques(story: Story): Promise<void> {
  const { school, clerk, supervisor } = story;
  await story.step('a cheque, and one that is not honoured', async () => {
    const [good, bad] = await school.issue([{ amount: '210.00' }, { amount: '220.00' }]);
    const of = (billId: string, total: string, method: object) =>
      pay(story, clerk, { bills: [{ billId }], total, method });
    const old = await of(good!.id, '210.00', cheque(dayFromToday(-11)));
    holds('a cheque of eleven days ago', old, { __typename: 'ChequeNotAcceptable' });
    holds('cheque', await of(good!.id, '210.00', cheque(dayFromToday(-10))), {
      status: 'CAPTURED',
      channel: 'CHEQUE',
    });
    await school.billBecomes(good!.id, { status: 'PAID', outstanding: '0.00' });
    const bounced = await of(bad!.id, '220.00', cheque(dayFromToday(0), 'B7654321'));
    holds('cheque', bounced, { status: 'CAPTURED' });
    const asking = { idempotencyKey: story.key(), paymentId: bounced.id, reason: '退票' };
    const asked = await clerk.act<Refund>('dishonourCheque', asking, ON_REFUND);
    holds('dishonour', asked, { kind: 'CHEQUE_DISHONOUR', status: 'REQUESTED', approvalNeeded: true });
    await school.billBecomes(bad!.id, { status: 'PAID', outstanding: '0.00' });
    await approve(supervisor, asked.approvalId!, 'CHEQUE_DISHONOUR');
    await refundBecomes(clerk, asked.id, { status: 'RETURNED' });
    await school.billBecomes(bad!.id, { status: 'ISSUED', outstanding: '220.00' });
    const { receipts } = await paymentOf(clerk, bounced.id);
    holds('its receipt', receipts, [{ status: 'CANCELLED' }]);
    return 'captured; dishonoured with a second person: the bill asks again, the receipt is cancelled';
  });
}

async function terminal(story: Story): Promise<void> {
  const { school, clerk } = story;
  await story.step('a card terminal, never a card number', async () => {
    const { id: billId } = await school.one('100.00');
    const paying = { bills: [{ billId }], total: '100.60' };
    const method = (approvalCode: string): object => ({ pos: { terminalId: 'T-1001', approvalCode } });
    const card = await pay(story, clerk, { ...paying, method: method('4111111111111111') });
    holds('a card number', card, { __typename: 'CardNumberRefused', code: 'CARD_NUMBER_REFUSED' });
    const payment = await pay(story, clerk, { ...paying, method: method('A12345') });
    holds('payment', payment, { status: 'CAPTURED', channel: 'POS', charge: { amount: '0.60' } });
    await school.billBecomes(billId, { status: 'PAID', outstanding: '0.00' });
    return '¥100.00 + ¥0.60 charge captured; a card number refused';
  });
}

async function transfer(story: Story): Promise<void> {
  const { school, payer, bank } = story;
  await story.step('a transfer that names its remittance code', async () => {
    const [bill, other] = await school.issue([{ amount: '310.00' }, { amount: '320.00' }]);
    const of = (billId: string, total: string) =>
      pay(story, payer, { bills: [{ billId }], total, method: byTransfer });
    const waiting = await of(bill!.id, '310.00');
    holds('payment', waiting, {
      status: 'AUTHORISING',
      channel: 'TRANSFER',
      remittanceCode: /^[0-9A-Z]{10}$/,
    });
    holds('the bill meanwhile', await school.bill(bill!.id), {
      status: 'ISSUED',
      reserved: { amount: '310.00' },
    });
    const code = waiting.remittanceCode!;
    holds('another amount at the bank', await bank.credit(code, '31.00'), 'amountDiffers');
    holds('another code at the bank', await bank.credit('NOSUCHCODE', '310.00'), 'unknownCode');
    holds('the money at the bank', await bank.credit(code, '310.00'), 'taken');
    await paymentBecomes(payer, waiting.id, 'CAPTURED');
    await school.billBecomes(bill!.id, { status: 'PAID', outstanding: '0.00' });
    const second = await of(other!.id, '320.00');
    const cancelling = { idempotencyKey: story.key(), paymentId: second.id };
    const cancelled = await payer.act('cancelPayment', cancelling, '... on Payment { id status }');
    holds('called off', cancelled, { __typename: 'Payment', status: 'CANCELLED' });
    holds('money that comes after', await bank.credit(second.remittanceCode!, '320.00'), 'tooLate');
    await school.billBecomes(other!.id, { status: 'ISSUED', outstanding: '320.00' });
    return `code ${code}: CAPTURED by the bank's notice; another, called off, takes no money`;
  });
}
