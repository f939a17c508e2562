import { Inject, Injectable } from '@nestjs/common';
import { asId } from '#libs/kernel/ids/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import type { ReceiptPlace, ReceiptPlaces } from '../domain/receipt-book/index.js';
import type { PaymentsTables } from './tables.js';

@Injectable()
export class ViewedReceiptPlaces implements ReceiptPlaces {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async find(tenant: string, receiptId: string): Promise<ReceiptPlace | undefined> {
    const row = await this.views
      .database<PaymentsTables>()
      .selectFrom('receipt')
      .select(['payment_id', 'organisation_id'])
      .where('id', '=', receiptId)
      .where('tenant', '=', tenant)
      .executeTakeFirst();
    return row && { receiptId, paymentId: asId(row.payment_id), organisationId: asId(row.organisation_id) };
  }
}
