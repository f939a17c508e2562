import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps } from '#libs/billing/contract/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import { PaymentsOf, type PaymentView } from '../contract/index.js';
import { paymentViewOf, receiptViewsOf, rowsOf } from './payment-views.js';
import type { PaymentsTables } from './tables.js';

/** Payments of an organisation, by their last milestone, newest first. */
@QueryHandler(PaymentsOf)
export class PaymentsOfHandler implements IQueryHandler<PaymentsOf> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(BILL_PAYMENT_STEPS) private readonly billing: BillPaymentSteps,
  ) {}

  async execute(query: PaymentsOf): Promise<Page<PaymentView>> {
    const { caller } = query.context;
    // Not yours looks exactly like empty.
    if (!mayReadOrganisation(caller, query.organisationId)) return { items: [], hasNextPage: false };
    const { first } = query.page;
    const found = await this.#places(query).execute();
    const shown = found.slice(0, first);
    const ids = shown.map(({ payment_id }) => payment_id);
    const rows = await rowsOf(this.views.database<PaymentsTables>(), caller.tenant, ids);
    const byId = new Map(rows.map((row) => [row.payment.id, row]));
    const items = [];
    for (const { payment_id, listed_at } of shown) {
      const row = byId.get(payment_id);
      if (!row) continue;
      // Another organisation's part of the payment is not this one's business.
      const own = row.bills.filter((bill) => bill.organisation_id === query.organisationId);
      const receipts = row.receipts.filter((receipt) => receipt.organisation_id === query.organisationId);
      const item = paymentViewOf({ ...row, bills: own }, await receiptViewsOf(receipts, this.billing));
      items.push({ cursor: cursorAt(listed_at, payment_id), item });
    }
    return { items, hasNextPage: found.length > first };
  }

  #places({ context, organisationId, filter, page }: PaymentsOf) {
    const { statuses, channels, from, to } = filter;
    let rows = this.views
      .database<PaymentsTables>()
      .selectFrom('organisation_payment as listed')
      .innerJoin('payment', 'payment.id', 'listed.payment_id')
      .select(['listed.payment_id', 'listed.listed_at'])
      .where('listed.organisation_id', '=', organisationId)
      .where('payment.tenant', '=', context.caller.tenant)
      .orderBy('listed.listed_at', 'desc')
      .orderBy('listed.payment_id', 'desc')
      .limit(page.first + 1);
    if (statuses) rows = rows.where('payment.status', 'in', statuses);
    if (channels) rows = rows.where('payment.channel', 'in', channels);
    if (from) rows = rows.where('payment.initiated_at', '>=', from);
    if (to) rows = rows.where('payment.initiated_at', '<', to);
    if (page.after === undefined) return rows;
    const [at, id] = placeAt(page.after, 2);
    return rows.where((place) =>
      place.or([
        place('listed.listed_at', '<', at),
        place.and([place('listed.listed_at', '=', at), place('listed.payment_id', '<', id)]),
      ]),
    );
  }
}
