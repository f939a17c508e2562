import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { Role } from '#libs/security/port/index.js';
import { PayBills, type PaymentMethod } from '../../contract/index.js';
import { PaymentDesk, type PayOutcome } from './payment-desk.js';

/** Pays bills: a payer with their own money, a clerk with what was handed over at the counter. */
@CommandHandler(PayBills)
export class PayBillsHandler implements ICommandHandler<PayBills> {
  constructor(@Inject(PaymentDesk) private readonly desk: PaymentDesk) {}

  async execute({ context, input }: PayBills): Promise<PayOutcome> {
    if (!context.caller.roles.includes(roleFor(input.method))) {
      return {
        accepted: false,
        rejection: { code: 'FORBIDDEN', message: 'The caller may not pay like this.' },
      };
    }
    return this.desk.pay(context, input);
  }
}

export function roleFor({ channel }: Pick<PaymentMethod, 'channel'>): Role {
  switch (channel) {
    case 'wallet':
    case 'transfer':
    case 'operator':
      return 'payer';
    case 'cash':
    case 'cheque':
    case 'pos':
      return 'clerk';
    default:
      return assertNever(channel, 'method');
  }
}
