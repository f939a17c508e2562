import { Inject, Injectable } from '@nestjs/common';
import type { OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { HardWalletId } from '../../domain/hard-wallet/index.js';
import { PaymentDesk } from '../pay-bills/payment-desk.js';

export interface OfflineToSettle {
  readonly hardWalletId: HardWalletId;
  readonly counter: number;
  readonly tenant: TenantId;
  readonly owner: string;
  readonly organisationId: OrganisationId;
  /** Bill id. */
  readonly reference: string;
  readonly amount: Money;
}

export type Settlement =
  | { readonly settled: true; readonly paymentId: PaymentId }
  /** For good: the money belongs into suspense. */
  | { readonly settled: false; readonly reason: string };

/** Pays what a device has paid offline to the bill it names. Idempotent by device and counter. */
export interface OfflineSettlement {
  settle(payment: OfflineToSettle, correlationId: string): Promise<Settlement>;
}

/** Injection token of `OfflineSettlement`. */
export const OFFLINE_SETTLEMENT = Symbol('OFFLINE_SETTLEMENT');

/** How often a payment that was interrupted, or met another on the same bill, is begun anew. */
const MOST_ATTEMPTS = 5;

/** By an ordinary payment with tender `offline`, bound to the organisation that the device has paid. */
@Injectable()
export class PaidOfflineSettlement implements OfflineSettlement {
  constructor(@Inject(PaymentDesk) private readonly desk: Pick<PaymentDesk, 'pay'>) {}

  async settle(payment: OfflineToSettle, correlationId: string): Promise<Settlement> {
    const { hardWalletId, counter, tenant, owner, organisationId, reference, amount } = payment;
    const caller = { accountId: owner, personId: owner, tenant, organisation: organisationId, roles: [] };
    let reason = '';
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const outcome = await this.desk.pay(
        { caller, correlationId },
        {
          idempotencyKey: `offline-${hardWalletId}-${counter}-${attempt}`,
          bills: [{ billId: asId<'bill'>(reference), amount }],
          expectedTotal: amount,
          method: { channel: 'offline', hardWalletId, counter },
        },
      );
      if (outcome.accepted) return { settled: true, paymentId: outcome.value.id };
      reason = outcome.rejection.code;
      if (reason !== 'PAYMENT_INTERRUPTED' && reason !== 'BILL_RESERVED') break;
    }
    return { settled: false, reason };
  }
}
