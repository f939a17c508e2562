import type { OrganisationId, PaymentId, WalletId } from '#libs/kernel/ids/index.js';
import { posting, type AccountPath, type Money, type Posting } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';

/** Accounts of the ledger that payments move money between (3-domain, Money). */
export const accounts = {
  outside: (channel: 'topup' | 'cash'): AccountPath => `world:${channel}`,
  wallet: (id: WalletId): AccountPath => `wallet:${id}`,
  hold: (id: PaymentId): AccountPath => `hold:${id}`,
  payable: (id: OrganisationId): AccountPath => `org:${id}:payable`,
  /** One cashier's drawer on one business day. `cashier` is safe in a path: letters, digits, `._-`. */
  drawer: (cashier: string, businessDate: LocalDate): AccountPath => `cash:${cashier}-${businessDate}`,
};

/** One posting per organisation, in the order in which the organisations first occur. */
export function toOrganisations(
  source: AccountPath,
  lines: readonly { readonly organisationId: OrganisationId; readonly amount: Money }[],
): Posting[] {
  const sums = new Map<OrganisationId, Money>();
  for (const { organisationId, amount } of lines) {
    const before = sums.get(organisationId)?.amount ?? 0n;
    sums.set(organisationId, { asset: amount.asset, amount: before + amount.amount });
  }
  return [...sums].map(([organisationId, amount]) =>
    posting(source, accounts.payable(organisationId), amount),
  );
}
