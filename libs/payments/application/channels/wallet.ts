import { asId, type OrganisationId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import { walletAggregate } from '../../codec/index.js';
import type { Failure, InitiatedPayment } from '../../domain/payment/index.js';
import type { WalletRefusal } from '../../domain/wallet/index.js';
import { duesOf } from '../pay-bills/dues.js';
import { contextOf, type PaymentParts } from '../pay-bills/parts.js';
import { refused } from '../pay-bills/reserve-bills.js';
import { TAKEN, type PaymentChannel, type TenderOf } from './port.js';

/** A hold on the payer's wallet, spent by the capture. */
export const walletChannel: PaymentChannel<TenderOf<'wallet'>> = {
  async authorise({ parts, payment, mover }, { walletId, subWalletId, owner }) {
    const { paymentId, tenant, account, total } = payment;
    const businessDate = localDateOf(parts.runtime.clock.now());
    const limits = await parts.limits.on(tenant, businessDate);
    const viaSubWallet = subWalletId !== undefined && (await payeeOf(parts, payment));
    if (viaSubWallet === 'several') {
      return refused({
        code: 'SUB_WALLET_CLOSED',
        message: 'A sub-wallet pays its own organisation alone.',
        path: ['input', 'method', 'wallet'],
      });
    }
    const result = await parts.store.run(
      walletAggregate,
      walletId,
      {
        kind: 'hold',
        tenant,
        owner: owner ?? account,
        paymentId,
        amount: total,
        limits,
        businessDate,
        ...(viaSubWallet && {
          subWalletId: asId<'subWallet'>(subWalletId!),
          organisationId: viaSubWallet,
        }),
      },
      contextOf(parts, payment, mover, 'hold'),
    );
    return result.accepted ? TAKEN : refused(failureOf(result.rejection));
  },
  async capture({ parts, payment, mover }, { walletId }) {
    const { paymentId } = payment;
    const context = contextOf(parts, payment, mover, 'spend');
    const result = await parts.store.run(walletAggregate, walletId, { kind: 'spend', paymentId }, context);
    if (!result.accepted) throw new Error(`Wallet ${walletId} refused to spend a hold.`);
  },
  async cancel({ parts, payment, mover }, { walletId }) {
    const { paymentId } = payment;
    const context = contextOf(parts, payment, mover, 'release');
    await parts.store.run(walletAggregate, walletId, { kind: 'release', paymentId }, context);
  },
};

/** The one organisation that the payment's bills belong to; they are reserved by now. */
async function payeeOf(parts: PaymentParts, payment: InitiatedPayment): Promise<OrganisationId | 'several'> {
  const dues = duesOf(parts, payment);
  const reserved = await Promise.all(
    payment.bills.map(({ billId }) => dues.reservationOf(billId, payment.paymentId)),
  );
  const [first, ...others] = new Set(reserved.map((bill) => bill?.organisationId));
  return first === undefined || others.length > 0 ? 'several' : first;
}

function failureOf({ code, message, details }: WalletRefusal): Failure {
  const path = ['input', 'method', 'wallet'];
  switch (code) {
    case 'WALLET_NOT_FOUND':
    case 'INSUFFICIENT_FUNDS':
    case 'LIMIT_EXCEEDED':
    case 'WALLET_FROZEN':
    case 'SUB_WALLET_CLOSED':
      return details ? { code, message, path, details } : { code, message, path };
    case 'PAYMENT_ENDED':
      return { code: 'PAYMENT_INTERRUPTED', message };
    default:
      throw new Error(`A hold was refused with ${code}.`);
  }
}
