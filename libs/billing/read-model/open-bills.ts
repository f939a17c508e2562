import { Inject, Injectable } from '@nestjs/common';
import { asId } from '#libs/kernel/ids/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import type { OpenBills } from '../contract/index.js';
import type { BillingTables } from './tables.js';

const MOST = 250;

@Injectable()
export class ViewedOpenBills implements OpenBills {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async ofPayer({
    tenant,
    organisationId,
    payerNumber,
  }: Parameters<OpenBills['ofPayer']>[0]): ReturnType<OpenBills['ofPayer']> {
    const rows = await this.views
      .database<BillingTables>()
      .selectFrom('bill')
      .select(['id', 'due_date'])
      .where('organisation_id', '=', organisationId)
      .where('payer_number', '=', payerNumber)
      .where('tenant', '=', tenant)
      .where('status', 'in', ['ISSUED', 'PARTIALLY_PAID'])
      .orderBy('due_date')
      .orderBy('issued_at')
      .orderBy('id')
      .limit(MOST)
      .execute();
    return rows.map(({ id, due_date }) => ({ billId: asId<'bill'>(id), dueDate: due_date as LocalDate }));
  }
}
