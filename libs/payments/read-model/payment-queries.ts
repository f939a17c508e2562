import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps } from '#libs/billing/contract/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Caller } from '#libs/security/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import {
  PaymentById,
  PaymentsForBill,
  ReceiptById,
  type PaymentView,
  type ReceiptView,
} from '../contract/index.js';
import { paymentViewOf, receiptViewsOf, rowsOf, visiblePartOf, type PaymentRows } from './payment-views.js';
import type { PaymentsTables } from './tables.js';

/** Payments of one bill shown at most; instalments come to a few dozen. */
const MOST_PAYMENTS = 250;

abstract class PaymentReader {
  constructor(
    @Inject(VIEWS) protected readonly views: Views,
    @Inject(BILL_PAYMENT_STEPS) protected readonly billing: BillPaymentSteps,
  ) {}

  /** What the caller may see of them. Not yours looks exactly like not found. */
  protected async visible(caller: Caller, paymentIds: readonly string[]): Promise<readonly PaymentRows[]> {
    const rows = await rowsOf(this.views.database<PaymentsTables>(), caller.tenant, paymentIds);
    return rows.flatMap((payment) => visiblePartOf(caller, payment) ?? []);
  }
}

@QueryHandler(PaymentById)
export class PaymentByIdHandler extends PaymentReader implements IQueryHandler<PaymentById> {
  async execute({ context: { caller }, id }: PaymentById): Promise<PaymentView | undefined> {
    const [rows] = await this.visible(caller, [id]);
    return rows && paymentViewOf(rows, await receiptViewsOf(rows.receipts, this.billing));
  }
}

@QueryHandler(PaymentsForBill)
export class PaymentsForBillHandler extends PaymentReader implements IQueryHandler<PaymentsForBill> {
  async execute({ context: { caller }, billId }: PaymentsForBill): Promise<readonly PaymentView[]> {
    const found = await this.views
      .database<PaymentsTables>()
      .selectFrom('payment_bill')
      .select('payment_id')
      .where('bill_id', '=', billId)
      .orderBy('payment_id')
      .limit(MOST_PAYMENTS)
      .execute();
    const visible = await this.visible(
      caller,
      found.map(({ payment_id }) => payment_id),
    );
    const paying = visible.filter(({ bills }) => bills.some(({ bill_id }) => bill_id === billId));
    return Promise.all(
      paying.map(async (rows) => paymentViewOf(rows, await receiptViewsOf(rows.receipts, this.billing))),
    );
  }
}

@QueryHandler(ReceiptById)
export class ReceiptByIdHandler extends PaymentReader implements IQueryHandler<ReceiptById> {
  async execute({ context: { caller }, id }: ReceiptById): Promise<ReceiptView | undefined> {
    const row = await this.views
      .database<PaymentsTables>()
      .selectFrom('receipt')
      .selectAll()
      .where('id', '=', id)
      .where('tenant', '=', caller.tenant)
      .executeTakeFirst();
    if (!row) return undefined;
    const [payment] = await this.visible(caller, [row.payment_id]);
    if (!payment?.receipts.some((receipt) => receipt.id === id)) return undefined;
    const [view] = await receiptViewsOf([row], this.billing);
    return view;
  }
}
