import { byWallet, openWallet, pay } from '../acts.js';
import { dayFromToday } from '../days.js';
import { holds } from '../holds.js';
import type { Money } from '../money.js';
import { USUAL_TERMS } from '../school.js';
import type { Story } from '../story.js';

interface Quote {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly total: Money;
}

const QUOTE =
  '... on PaymentQuote { id charge { amount } total { amount } asOf validUntil bills { billId principal { amount } lateFee { amount } due { amount } amount { amount } }}';
const byTerminal = { pos: { terminalId: 'T-1001', approvalCode: 'A12345' } };

export async function quoted(story: Story, walletId: string): Promise<void> {
  const { school, clerk, payer, payer2, bursar } = story;
  // ¥1,000.00 at 1/1000 a day, ten days late; a terminal's charge is 0.6 %.
  await school.setTerms({ ...USUAL_TERMS, lateFee: { rate: '1/1000' } });
  const late = { amount: '1000.00', dueDate: dayFromToday(-10) };
  const bills = (await school.issue([late, late, late])).map(({ id }) => id);
  await school.setTerms(USUAL_TERMS);
  const quote = (who: typeof payer, billId: string, channel: string): Promise<Quote> =>
    who.act<Quote>('quotePayment', { idempotencyKey: story.key(), bills: [{ billId }], channel }, QUOTE);

  await story.step('a quote holds late fee and terminal charge, and is honoured', async () => {
    const [billId] = bills as [string];
    const given = await quote(clerk, billId, 'POS');
    holds('quote', given, {
      __typename: 'PaymentQuote',
      charge: { amount: '6.06' },
      total: { amount: '1016.06' },
      bills: [{ principal: { amount: '1000.00' }, lateFee: { amount: '10.00' }, due: { amount: '1010.00' } }],
    });
    const bare = { bills: [{ billId }], method: byTerminal };
    const without = await pay(story, clerk, { ...bare, total: '1000.00' });
    holds('without the late fee', without, { __typename: 'AmountMismatch' });
    const payment = await pay(story, clerk, { ...bare, total: '1016.06', quoteId: given.id });
    holds('payment', payment, {
      status: 'CAPTURED',
      channel: 'POS',
      total: { amount: '1016.06' },
      charge: { amount: '6.06' },
      bills: [{ amount: { amount: '1010.00' }, lateFee: { amount: '10.00' } }],
    });
    const bill = await school.billBecomes(billId, { status: 'PAID', outstanding: '0.00' });
    holds('late fee on the bill', bill.lateFeeCharged.amount, '10.00');
    return '¥1,000.00 + ¥10.00 late fee + ¥6.06 charge = ¥1,016.06, paid so';
  });

  await story.step('a quote is its own account’s, for the bill as it was', async () => {
    const [, billId, other] = bills as [string, string, string];
    const given = await quote(payer, billId, 'WALLET');
    holds('quote', given, { total: { amount: '1010.00' } });
    const paying = { bills: [{ billId }], total: '1010.00', quoteId: given.id };
    const theirs = await openWallet(story, payer2, '2000.00');
    const stolen = await pay(story, payer2, { ...paying, method: byWallet(theirs) });
    holds('the quote of another account', stolen, { __typename: 'QuoteNotFound' });
    const elsewhere = await pay(story, payer, {
      ...paying,
      bills: [{ billId: other }],
      method: byWallet(walletId),
    });
    holds('the quote for another bill', elsewhere, { __typename: 'QuoteStale' });
    const note = {
      idempotencyKey: story.key(),
      billId,
      note: 'DEBIT',
      amount: { amount: '1.00' },
      reason: '补收',
    };
    holds('debit note', await bursar.act('adjustBill', note, ''), { __typename: 'Bill' });
    const stale = await pay(story, payer, { ...paying, method: byWallet(walletId) });
    holds('the quote of a bill that has changed', stale, { __typename: 'QuoteStale' });
    return 'refused: another account, another bill, a bill that has changed since';
  });
}
