import { sql, type ExpressionBuilder, type ExpressionWrapper, type SqlBool } from 'kysely';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { BillFilter } from '../contract/index.js';
import type { BillingTables } from './tables.js';

type Bills = ExpressionBuilder<BillingTables, 'bill'>;
type Condition = ExpressionWrapper<BillingTables, 'bill', SqlBool>;

/**
 * The conditions of a filter, the same for a list, its count and its totals. Text compares exactly; `search` finds the
 * beginning of a bill number or payer number, or a part of the payer's name.
 */
export function billsMatching(
  scope: { readonly tenant: TenantId; readonly organisationId: OrganisationId },
  filter: BillFilter,
): (bills: Bills) => Condition {
  return (bills) => {
    const exact = {
      academic_year: filter.academicYear,
      term: filter.term,
      grade: filter.grade,
      payer_group: filter.group,
      payer_number: filter.payerNumber,
    } as const;
    const conditions: Condition[] = [
      bills('organisation_id', '=', scope.organisationId),
      bills('tenant', '=', scope.tenant),
    ];
    for (const [column, value] of Object.entries(exact) as [keyof typeof exact, string | undefined][]) {
      if (value !== undefined) conditions.push(bills(column, '=', value));
    }
    if (filter.statuses) conditions.push(oneOf(bills, filter.statuses));
    if (filter.overdueAsOf !== undefined) {
      conditions.push(bills('due_date', '<', filter.overdueAsOf));
      conditions.push(oneOf(bills, ['ISSUED', 'PARTIALLY_PAID']));
    }
    if (filter.feeItemId !== undefined) {
      // Inside the JSON of the items; ids are UUIDs, so that no other field can look like one.
      conditions.push(like(bills, 'items', `%${escaped(filter.feeItemId)}%`));
    }
    const search = filter.search?.trim();
    if (search) conditions.push(searched(bills, search));
    return bills.and(conditions);
  };
}

/** An empty list of statuses matches nothing. */
function oneOf(bills: Bills, statuses: readonly string[]): Condition {
  if (statuses.length === 0) return bills.or([]);
  return bills.or(statuses.map((status) => bills('status', '=', status)));
}

function searched(bills: Bills, text: string): Condition {
  const part = escaped(text);
  return bills.or([
    like(bills, 'number', `${escaped(text.toUpperCase())}%`),
    like(bills, 'payer_number', `${part}%`),
    like(bills, 'payer_name', `%${part}%`),
  ]);
}

function like(bills: Bills, column: 'items' | 'number' | 'payer_number' | 'payer_name', pattern: string) {
  return bills(column, 'like', sql<string>`${pattern} escape '\\'`) as Condition;
}

/** What stands for anything in a pattern stands for itself in a search. */
function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}
