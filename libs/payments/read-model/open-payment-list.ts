import { Inject, Injectable } from '@nestjs/common';
import { asId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import type { OpenPayment, OpenPaymentList } from '../domain/payment/index.js';
import type { OpenPaymentRow, PaymentsTables } from './tables.js';

/** The table holds payments under way only, so that scanning it is cheap. */
@Injectable()
export class ViewedOpenPayments implements OpenPaymentList {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async idleSince(moment: Instant, limit: number, after?: OpenPayment): Promise<readonly OpenPayment[]> {
    let rows = this.#rows(limit).where('last_step_at', '<=', moment);
    if (after) {
      const { lastStepAt, paymentId } = after;
      rows = rows.where((open) =>
        open.or([
          open('last_step_at', '>', lastStepAt),
          open.and([open('last_step_at', '=', lastStepAt), open('payment_id', '>', paymentId)]),
        ]),
      );
    }
    return (await rows.execute()).map(openPaymentOf);
  }

  async ofTenant(tenant: string, limit: number): Promise<readonly OpenPayment[]> {
    const rows = await this.#rows(limit).where('tenant', '=', tenant).execute();
    return rows.map(openPaymentOf);
  }

  #rows(limit: number) {
    return this.views
      .database<PaymentsTables>()
      .selectFrom('open_payment')
      .selectAll()
      .orderBy('last_step_at')
      .orderBy('payment_id')
      .limit(limit);
  }
}

function openPaymentOf(row: OpenPaymentRow): OpenPayment {
  return {
    paymentId: asId(row.payment_id),
    tenant: row.tenant,
    status: row.status as OpenPayment['status'],
    account: row.account,
    channel: row.channel as OpenPayment['channel'],
    total: money(row.asset as Asset, row.total_minor),
    initiatedAt: row.initiated_at as Instant,
    lastStepAt: row.last_step_at as Instant,
  };
}
