import { advanceAggregate } from '../../codec/index.js';
import { contextOf } from '../pay-bills/parts.js';
import { refused } from '../pay-bills/reserve-bills.js';
import { TAKEN, type PaymentChannel, type TenderOf } from './port.js';

/** The payer's own money at the organisation, left over from earlier payments. */
export const advanceChannel: PaymentChannel<TenderOf<'advance'>> = {
  async authorise({ parts, payment, mover }, { advanceId }) {
    const { paymentId, tenant, total } = payment;
    const command = { kind: 'hold', tenant, paymentId, amount: total } as const;
    const context = contextOf(parts, payment, mover, 'hold');
    const result = await parts.store.run(advanceAggregate, advanceId, command, context);
    if (result.accepted) return TAKEN;
    const { code, message, details } = result.rejection;
    if (code === 'PAYMENT_ENDED') return refused({ code: 'PAYMENT_INTERRUPTED', message });
    return refused({ code: 'INSUFFICIENT_FUNDS', message, ...(details && { details }) });
  },
  async capture({ parts, payment, mover }, { advanceId }) {
    const command = { kind: 'spend', paymentId: payment.paymentId } as const;
    await parts.store.run(advanceAggregate, advanceId, command, contextOf(parts, payment, mover, 'spend'));
  },
  async cancel({ parts, payment, mover }, { advanceId }) {
    const command = { kind: 'release', paymentId: payment.paymentId } as const;
    await parts.store.run(advanceAggregate, advanceId, command, contextOf(parts, payment, mover, 'release'));
  },
};
