import type { BillId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';

/** Bills of one payer that ask for money, for processes that pay without the payer at hand. Bind with `OPEN_BILLS`. */
export interface OpenBills {
  /** Oldest due date first, then the order of issue; as far as the view has read the log. At most 250. */
  ofPayer(payer: {
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId;
    readonly payerNumber: string;
  }): Promise<readonly { readonly billId: BillId; readonly dueDate: LocalDate }[]>;
}

export const OPEN_BILLS = Symbol('OPEN_BILLS');
