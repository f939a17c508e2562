import { Inject, Injectable } from '@nestjs/common';
import { asId } from '#libs/kernel/ids/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import type { LapsingBill, LapsingBillList } from '../domain/bill/index.js';
import type { BillingTables } from './tables.js';

@Injectable()
export class ViewedLapsingBills implements LapsingBillList {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async pastLastDay(today: LocalDate, limit: number): Promise<readonly LapsingBill[]> {
    const rows = await this.views
      .database<BillingTables>()
      .selectFrom('bill')
      .select(['id', 'tenant'])
      .where('last_day', '<', today)
      .where('status', 'in', ['ISSUED', 'PARTIALLY_PAID'])
      .where('reserved_minor', '=', 0n)
      .orderBy('last_day')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ id, tenant }) => ({ billId: asId(id), tenant: asId(tenant) }));
  }
}
