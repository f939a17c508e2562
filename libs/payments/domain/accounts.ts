import type { AdvanceId, OrganisationId, PaymentId, WalletId } from '#libs/kernel/ids/index.js';
import { posting, type AccountPath, type Money, type Posting } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';

export type OutsideChannel = 'topup' | 'cash' | 'cheque' | 'pos' | 'transfer' | 'operator';

/** Accounts of the ledger that payments move money between (3-domain, Money). */
export const accounts = {
  outside: (channel: OutsideChannel): AccountPath => `world:${channel}`,
  /** Money on its way between the outside and us, by channel. */
  clearing: (channel: Exclude<OutsideChannel, 'topup'> | 'offline'): AccountPath => `clearing:${channel}`,
  /** Money of refunds between leaving the organisation and reaching the payer. */
  refundClearing: 'clearing:refund' as AccountPath,
  /** Money captured for a contract, or released to another one, until the contract's deposit takes it into custody. */
  fundingClearing: 'clearing:funding' as AccountPath,
  /** Money that a contract has paid out to a wallet or back to its payer, until it has arrived there. */
  payoutClearing: 'clearing:payout' as AccountPath,
  /** What an institution has paid out although it had refused to: below zero until it is claimed back. */
  owedBy: (channel: 'operator' | 'transfer'): AccountPath => `suspense:${channel}`,
  /** Money that came in and that no bill claims yet. */
  suspense: (id: OrganisationId): AccountPath => `suspense:${id}`,
  wallet: (id: WalletId): AccountPath => `wallet:${id}`,
  hold: (id: PaymentId): AccountPath => `hold:${id}`,
  /** Payers' charges for the channel. */
  fees: 'bank:fees' as AccountPath,
  /** A payer's money at an organisation that no bill has asked for yet. */
  advance: (id: AdvanceId): AccountPath => `advance:${id}`,
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
