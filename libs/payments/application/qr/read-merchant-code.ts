import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps } from '#libs/billing/contract/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';
import { ReadMerchantCode, type MerchantCodeReading, type QrRejectionCode } from '../../contract/index.js';
import { MerchantCodes, refusalOf } from './merchant-codes.js';
import { dueOn } from './payable-bills.js';

/** What a scanned code asks for, before anybody agrees to pay it. From the write side, so that it never lags. */
@QueryHandler(ReadMerchantCode)
export class ReadMerchantCodeHandler implements IQueryHandler<ReadMerchantCode> {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(BILL_PAYMENT_STEPS) private readonly bills: BillPaymentSteps,
    @Inject(MerchantCodes) private readonly codes: MerchantCodes,
  ) {}

  async execute({
    context,
    content,
  }: ReadMerchantCode): Promise<Outcome<MerchantCodeReading, Rejection<QrRejectionCode>>> {
    const { tenant } = context.caller;
    const genuine = await this.codes.genuine(tenant, content);
    if (!genuine.accepted) return genuine;
    const { code, merchantName } = genuine.value;
    const at = this.runtime.clock.now();
    const rejection = refusalOf(code, at);
    if (rejection) return { accepted: false, rejection };
    const prices = await this.bills.price(tenant, code.bills, localDateOf(at));
    const { codeId, organisationId, kind, amount, expiresAt } = code;
    const bills = code.bills.flatMap((billId) => {
      const price = prices.get(billId);
      if (!price) return [];
      return [{ billId, billNumber: price.billNumber, description: price.description, due: dueOn(price) }];
    });
    return {
      accepted: true,
      value: { codeId, organisationId, kind, merchantName, amount, expiresAt, bills },
    };
  }
}
