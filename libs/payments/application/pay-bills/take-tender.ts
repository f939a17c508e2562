import type { Outcome } from '#libs/kernel/errors/index.js';
import { compare, formatDecimal } from '#libs/kernel/money/index.js';
import { walletAggregate } from '../../codec/index.js';
import type { Failure, InitiatedPayment } from '../../domain/payment/index.js';
import type { WalletRefusal } from '../../domain/wallet/index.js';
import { contextOf, type Mover, type PaymentParts } from './parts.js';
import { refused } from './reserve-bills.js';

const TAKEN = { accepted: true, value: undefined } as const;

/** Makes sure of the money: a hold on the wallet, or enough cash on the counter. Nothing has moved to a payee yet. */
export async function takeTender(
  parts: PaymentParts,
  payment: InitiatedPayment,
  mover: Mover,
): Promise<Outcome<undefined, Failure>> {
  const { tender, total, tenant, account, paymentId } = payment;
  if (tender.channel === 'cash') {
    if (tender.tendered.asset === total.asset && compare(tender.tendered, total) >= 0) return TAKEN;
    return refused({
      code: 'CASH_SHORT',
      message: 'Less cash was handed over than is to be paid.',
      path: ['input', 'method', 'cash', 'tendered'],
      details: { required: formatDecimal(total), tendered: formatDecimal(tender.tendered) },
    });
  }
  const result = await parts.store.run(
    walletAggregate,
    tender.walletId,
    { kind: 'hold', tenant, owner: account, paymentId, amount: total },
    contextOf(parts, payment, mover, 'hold'),
  );
  return result.accepted ? TAKEN : refused(failureOf(result.rejection));
}

function failureOf({ code, message, details }: WalletRefusal): Failure {
  const path = ['input', 'method', 'wallet'];
  switch (code) {
    case 'WALLET_NOT_FOUND':
    case 'INSUFFICIENT_FUNDS':
      return details ? { code, message, path, details } : { code, message, path };
    case 'PAYMENT_ENDED':
      return { code: 'PAYMENT_INTERRUPTED', message };
    default:
      throw new Error(`A hold was refused with ${code}.`);
  }
}
