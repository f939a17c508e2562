import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CNY, money } from '#libs/kernel/money/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import { BillTotalsOf, type BillTotals } from '../contract/index.js';
import { billsMatching } from './bill-filter.js';
import type { BillingTables } from './tables.js';

/** Sums over everything the filter finds, in one statement. A cancelled bill is counted, but bills nothing. */
@QueryHandler(BillTotalsOf)
export class BillTotalsOfHandler implements IQueryHandler<BillTotalsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context, organisationId, filter }: BillTotalsOf): Promise<BillTotals> {
    const { caller } = context;
    if (!mayReadOrganisation(caller, organisationId)) return totalsOf(undefined);
    const sums = await this.views
      .database<BillingTables>()
      .selectFrom('bill')
      .where(billsMatching({ tenant: caller.tenant, organisationId }, filter))
      .where('asset', '=', CNY)
      .select(({ fn }) => [
        fn.countAll<number>().as('count'),
        fn.sum<bigint | null>('total_minor').filterWhere('status', '!=', 'CANCELLED').as('billed_minor'),
        fn.sum<bigint | null>('waived_minor').filterWhere('status', '!=', 'CANCELLED').as('waived_minor'),
        fn.sum<bigint | null>('adjusted_minor').filterWhere('status', '!=', 'CANCELLED').as('adjusted_minor'),
        fn.sum<bigint | null>('late_fee_minor').filterWhere('status', '!=', 'CANCELLED').as('late_fee_minor'),
        fn.sum<bigint | null>('rebate_minor').as('rebate_minor'),
        fn.sum<bigint | null>('refunded_minor').as('refunded_minor'),
        fn.sum<bigint | null>('paid_minor').as('paid_minor'),
        fn.sum<bigint | null>('outstanding_minor').as('outstanding_minor'),
      ])
      .executeTakeFirst();
    return totalsOf(sums);
  }
}

interface Sums {
  readonly count: number;
  readonly billed_minor: bigint | null;
  readonly waived_minor: bigint | null;
  readonly adjusted_minor: bigint | null;
  readonly late_fee_minor: bigint | null;
  readonly rebate_minor: bigint | null;
  readonly refunded_minor: bigint | null;
  readonly paid_minor: bigint | null;
  readonly outstanding_minor: bigint | null;
}

/** A sum over nothing is null in SQL. */
function totalsOf(sums: Sums | undefined): BillTotals {
  const figure = (minor: bigint | null | undefined) => money(CNY, BigInt(minor ?? 0));
  return {
    count: Number(sums?.count ?? 0),
    billed: figure(sums?.billed_minor),
    waived: figure(sums?.waived_minor),
    adjusted: figure(sums?.adjusted_minor),
    lateFee: figure(sums?.late_fee_minor),
    rebate: figure(sums?.rebate_minor),
    paid: figure(sums?.paid_minor),
    refunded: figure(sums?.refunded_minor),
    outstanding: figure(sums?.outstanding_minor),
  };
}
