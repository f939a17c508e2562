import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#libs/kernel/errors/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';
import {
  AllocateToBill,
  BILL_PAYMENT_STEPS,
  ReleaseBill,
  ReserveBill,
  type BillPaymentSteps,
  type PaymentStep,
  type ReserveBillRejection,
  type ReservedBill,
} from '../contract/index.js';

/** The steps of a payment as commands, for a caller that reaches billing over the bus. */
@CommandHandler(ReserveBill)
export class ReserveBillHandler implements ICommandHandler<ReserveBill> {
  constructor(
    @Inject(BILL_PAYMENT_STEPS) private readonly steps: BillPaymentSteps,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  execute(command: ReserveBill): Promise<Outcome<ReservedBill, ReserveBillRejection>> {
    const asOf = localDateOf(this.runtime.clock.now());
    return this.steps.reserve(stepOf(command), { amount: command.step.amount, asOf });
  }
}

@CommandHandler(ReleaseBill)
export class ReleaseBillHandler implements ICommandHandler<ReleaseBill> {
  constructor(@Inject(BILL_PAYMENT_STEPS) private readonly steps: BillPaymentSteps) {}

  execute(command: ReleaseBill): Promise<void> {
    return this.steps.release(stepOf(command));
  }
}

@CommandHandler(AllocateToBill)
export class AllocateToBillHandler implements ICommandHandler<AllocateToBill> {
  constructor(@Inject(BILL_PAYMENT_STEPS) private readonly steps: BillPaymentSteps) {}

  execute(command: AllocateToBill): Promise<void> {
    return this.steps.allocate(stepOf(command), command.step.amount);
  }
}

function stepOf({ context, step }: ReserveBill | ReleaseBill | AllocateToBill): PaymentStep {
  const { tenant, organisation, accountId } = context.caller;
  const { billId, paymentId, commandId } = step;
  const { correlationId } = context;
  return {
    billId,
    paymentId,
    commandId,
    tenant,
    organisationId: organisation,
    actor: accountId,
    correlationId,
  };
}
