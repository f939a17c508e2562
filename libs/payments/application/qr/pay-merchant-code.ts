import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { equals, formatDecimal } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { paymentAggregate } from '../../codec/index.js';
import {
  PayMerchantCode,
  type PayBillsInput,
  type PayMerchantCodeInput,
  type PayMerchantCodeRejection,
  type PaymentView,
} from '../../contract/index.js';
import type { KnownQrCode } from '../../domain/qr-code/index.js';
import { roleFor } from '../pay-bills/pay-bills.js';
import { PaymentDesk } from '../pay-bills/payment-desk.js';
import { paymentIdFor, type DeskInput } from '../pay-bills/read-request.js';
import { MerchantCodes, refusalOf } from './merchant-codes.js';

type PayOutcome = Outcome<PaymentView, PayMerchantCodeRejection>;

/**
 * Pays what a scanned code asks for. Everything about the code is checked here, before anything is stored; its one use is
 * promised to the payment by the payment's own steps, as a bill is, so that a crash leaves no use without a payment.
 */
@CommandHandler(PayMerchantCode)
export class PayMerchantCodeHandler implements ICommandHandler<PayMerchantCode> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(MerchantCodes) private readonly codes: MerchantCodes,
    @Inject(PaymentDesk) private readonly desk: PaymentDesk,
  ) {}

  async execute({ context, input }: PayMerchantCode): Promise<PayOutcome> {
    const { tenant, roles } = context.caller;
    if (!roles.includes('payer') || roleFor(input.method) !== 'payer') {
      return refused({ code: 'FORBIDDEN', message: 'Only a payer pays by scanning, with their own money.' });
    }
    assertIdempotencyKey(input.idempotencyKey);
    const genuine = await this.codes.genuine(tenant, input.content);
    if (!genuine.accepted) return inInput(genuine.rejection);
    const { code } = genuine.value;
    const paymentId = paymentIdFor(context.caller, input);
    const { state: payment } = await this.store.load(paymentAggregate, paymentId);
    // Asked again, the payment is what it was, although its code is used or over by now.
    if (payment.status === 'absent') {
      const rejection = refusalOf(code, this.runtime.clock.now()) ?? amountRefusal(code, input);
      if (rejection) return inInput(rejection);
    }
    const asked: DeskInput = {
      idempotencyKey: input.idempotencyKey,
      bills: billsOf(code, input),
      expectedTotal: input.expectedTotal,
      method: input.method,
      merchantCode: { codeId: code.codeId, organisationId: code.organisationId },
    };
    // A payer's methods and no quote: nothing else can be what it is refused for.
    return (await this.desk.pay(context, asked)) as PayOutcome;
  }
}

/** Those of the code, or else the payer's choice. @throws InvalidInputError `NO_BILLS`, `BILLS_FIXED` */
function billsOf(code: KnownQrCode, { bills = [] }: PayMerchantCodeInput): PayBillsInput['bills'] {
  const path = ['input', 'bills'];
  if (code.bills.length === 0) {
    if (bills.length > 0) return bills;
    throw new InvalidInputError('NO_BILLS', 'The code names no bill: choose at least one.', path);
  }
  if (bills.length === 0) return code.bills.map((billId) => ({ billId }));
  throw new InvalidInputError('BILLS_FIXED', 'The code itself says which bills it pays.', path);
}

function amountRefusal(
  { amount }: KnownQrCode,
  { expectedTotal }: PayMerchantCodeInput,
): Rejection<'AMOUNT_MISMATCH'> | undefined {
  if (amount === null || equals(amount, expectedTotal)) return undefined;
  return {
    code: 'AMOUNT_MISMATCH',
    message: 'The code asks for another amount.',
    path: ['expectedTotal'],
    details: { expected: formatDecimal(expectedTotal), actual: formatDecimal(amount) },
  };
}

function inInput(rejection: PayMerchantCodeRejection): PayOutcome {
  return refused({ ...rejection, path: ['input', ...(rejection.path ?? [])] });
}

function refused(rejection: PayMerchantCodeRejection): PayOutcome {
  return { accepted: false, rejection };
}
