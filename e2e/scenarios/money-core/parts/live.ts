import { byWallet, openWallet, paid } from '../acts.js';
import { approve } from '../approving.js';
import { pause } from '../days.js';
import { holds } from '../holds.js';
import type { Story } from '../story.js';
import { askForRefund } from './refunds.js';

interface Update {
  readonly id: string;
  readonly status: string;
}

/** Until the server has taken a subscription; nothing tells a client when it has. */
const TAKEN_MS = 300;

export async function live(story: Story): Promise<void> {
  story.part('Subscriptions');
  const { school, payer, bursar, supervisor } = story;
  const walletId = await openWallet(story, payer, '1000.00');
  await story.step('payments and refunds as they proceed', async () => {
    const of = { organisationId: school.id };
    const payments = bursar.watch<Update>(
      'subscription S($of: PaymentSelector!) { paymentUpdated(of: $of) { id status } }',
      { of },
    );
    const refunds = bursar.watch<Update>(
      'subscription S($of: RefundSelector!) { refundUpdated(of: $of) { id status } }',
      { of },
    );
    await pause(TAKEN_MS);
    const { id: billId } = await school.one('700.00');
    const payment = await paid(story, payer, { billId, amount: '700.00', method: byWallet(walletId) });
    await payments.until((seen) => seen.some(({ id, status }) => id === payment.id && status === 'CAPTURED'));
    const refund = await askForRefund(story, bursar, { payment });
    await refunds.until((seen) => seen.some(({ id }) => id === refund.id));
    const byThePayer = payer.watch<Update>(
      'subscription S($of: RefundSelector!) { refundUpdated(of: $of) { id status } }',
      { of: { refundId: refund.id } },
    );
    await pause(TAKEN_MS);
    await approve(supervisor, refund.approvalId!, 'REFUND');
    for (const watch of [refunds, byThePayer])
      await watch.until((seen) => seen.some(({ id, status }) => id === refund.id && status === 'RETURNED'));
    const statuses = refunds.received.filter(({ id }) => id === refund.id).map(({ status }) => status);
    holds('the last one', statuses.at(-1), 'RETURNED');
    return `paymentUpdated CAPTURED; refundUpdated ${statuses.join(' → ')}, to the school and the payer`;
  });
}
