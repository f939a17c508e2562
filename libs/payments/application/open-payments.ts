import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { hasRole } from '#libs/security/port/index.js';
import { OpenPayments, type OpenPaymentView } from '../contract/index.js';
import { OPEN_PAYMENTS, type OpenPaymentList } from '../domain/payment/index.js';
import { PaymentFinisher } from './payment-finisher.js';

const MOST_SHOWN = 500;

/** The exceptions list: what is not terminal yet, with the reason where finishing it has failed. */
@QueryHandler(OpenPayments)
export class OpenPaymentsHandler implements IQueryHandler<OpenPayments> {
  constructor(
    @Inject(OPEN_PAYMENTS) private readonly open: OpenPaymentList,
    @Inject(PaymentFinisher) private readonly finisher: PaymentFinisher,
  ) {}

  async execute({ context: { caller } }: OpenPayments): Promise<readonly OpenPaymentView[]> {
    if (!hasRole(caller, ['ops', 'auditor'])) return [];
    const open = await this.open.ofTenant(caller.tenant, MOST_SHOWN);
    return open.map(({ paymentId, tenant: _tenant, ...payment }) => ({
      id: paymentId,
      ...payment,
      reason: this.finisher.reasonOf(paymentId) ?? null,
    }));
  }
}
