import { BillsOf, type BillView } from '#libs/billing/contract/index.js';
import type { FeeItemId, OrganisationId } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { RosterRow } from '../../domain/roster/index.js';
import type { TuitionBuses } from '../ports.js';
import type { StagedRow } from '../staging/records.js';

/** What a file is about: bills of other years, terms or fee items are none of its business. */
interface Scope {
  readonly academicYear: string;
  readonly term: string;
  readonly feeItemId: FeeItemId;
}

/** A file about more than this is no roster of a term; the rest is not looked for. */
const MAX_SCOPES = 64;
const PAGE_BILLS = 250;

/** Collects what a file is about while it is read. */
export class Scopes {
  private readonly scopes = new Map<string, Scope>();

  add({ academicYear, term, feeItem }: RosterRow): void {
    const key = `${academicYear}\n${term}\n${feeItem.id}`;
    if (this.scopes.size < MAX_SCOPES && !this.scopes.has(key)) {
      this.scopes.set(key, { academicYear, term, feeItemId: feeItem.id });
    }
  }

  values(): Iterable<Scope> {
    return this.scopes.values();
  }
}

/**
 * The live bills within the scopes that the file no longer has. Read from billing's view: shown to a person and never
 * acted upon, so it may lag a moment.
 */
export async function* removedBills(
  buses: TuitionBuses,
  context: RequestContext,
  organisationId: OrganisationId,
  file: { readonly scopes: Scopes; holdsBill(billId: BillView['id']): boolean },
): AsyncGenerator<StagedRow> {
  for (const scope of file.scopes.values()) {
    let after: string | undefined;
    for (;;) {
      const request = { first: PAGE_BILLS, count: false as const, ...(after === undefined ? {} : { after }) };
      const page = await buses.queries.execute(new BillsOf(context, organisationId, scope, request));
      for (const { item } of page.items) {
        if (item.status !== 'CANCELLED' && !file.holdsBill(item.id)) yield removed(item);
      }
      after = page.items.at(-1)?.cursor;
      if (!page.hasNextPage || after === undefined) break;
    }
  }
}

function removed(bill: BillView): StagedRow {
  return {
    row: 0,
    kind: 'removed',
    billId: bill.id,
    studentNo: bill.payer.number,
    name: bill.payer.name ?? '',
    feeItemName: bill.items.map(({ name }) => name).join(' '),
    before: String(bill.total.amount - bill.waived.amount),
  };
}
