import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps, type BillPrice } from '#libs/billing/contract/index.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { CNY, sum } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { paymentLinkAggregate } from '../../codec/qr-aggregates.js';
import { PaymentLinkByCode, type PublicPaymentLink } from '../../contract/index.js';
import { isLinkCode } from '../../domain/payment-link/index.js';
import { linkIdOf } from './create-payment-link.js';
import { OrganisationNames } from './organisation-names.js';
import { dueOn } from './payable-bills.js';
import { linkAsOfNow } from './payment-link-view.js';

const SHOWN_DIGITS = 4;

/** What anybody who was given a link may know. From the write side: what is due is due now. */
@QueryHandler(PaymentLinkByCode)
export class PaymentLinkByCodeHandler implements IQueryHandler<PaymentLinkByCode> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(BILL_PAYMENT_STEPS) private readonly bills: BillPaymentSteps,
    @Inject(OrganisationNames) private readonly names: OrganisationNames,
  ) {}

  async execute({ code }: PaymentLinkByCode): Promise<PublicPaymentLink | undefined> {
    if (!isLinkCode(code)) return undefined;
    const { state: link } = await this.store.load(paymentLinkAggregate, linkIdOf(code));
    if (link.status === 'absent') return undefined;
    const organisation = await this.names.of(link.tenant, link.organisationId, link.linkId);
    const { status, prices } = await linkAsOfNow(link, this.bills, this.runtime.clock.now());
    const shown = status === 'OPEN' ? prices.filter((price) => dueOn(price).amount > 0n) : [];
    const payerNames = await this.bills.payerNames(shown.map(({ billId }) => billId));
    return {
      organisationNameZh: organisation?.nameZh ?? '',
      organisationNameEn: organisation?.nameEn ?? '',
      status,
      expiresAt: link.expiresAt,
      total: sum(CNY, shown.map(dueOn)),
      bills: shown.map((price) => publicBill(price, payerNames.get(price.billId) ?? null)),
    };
  }
}

function publicBill(price: BillPrice, payerName: string | null): PublicPaymentLink['bills'][number] {
  const { billId, billNumber, description, payerNumber } = price;
  return {
    billId,
    billNumber,
    description,
    payerName: payerName === null ? null : maskedName(payerName),
    payerNumber: maskedNumber(payerNumber),
    due: dueOn(price),
  };
}

/** `张**`: enough to see whose bills these are for who knows it, too little for who does not. */
function maskedName(name: string): string {
  const [first = '', ...rest] = name;
  return first + '*'.repeat(Math.max(rest.length, 1));
}

/** The last four digits, and never more than half. */
function maskedNumber(number: string): string {
  const characters = [...number];
  const shown = Math.min(SHOWN_DIGITS, Math.floor(characters.length / 2));
  const hidden = characters.length - shown;
  return '*'.repeat(hidden) + characters.slice(hidden).join('');
}
