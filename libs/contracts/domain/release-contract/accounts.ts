import { posting, split, type AccountPath, type Posting } from '#libs/kernel/money/index.js';
import { partyIn } from './figures.js';
import { impossible } from './impossible.js';
import type { Split } from './messages.js';
import type { Contract } from './state.js';
import type { Role, Rule } from '../terms/types.js';

const SOMEBODYS = /^(org:[A-Za-z0-9._-]{1,80}:payable|treasury:[A-Za-z0-9._-]{1,80}|bank:fees)$/;
const REACHED_BY_CLEARING = /^(wallet|contract):[A-Za-z0-9._-]{1,80}$/;

/** Whether money may be paid out to it. */
export function isPayee(account: AccountPath, contractId: string): boolean {
  if (REACHED_BY_CLEARING.test(account)) return account !== `contract:${contractId}`;
  return SOMEBODYS.test(account);
}

/** Who gets how much of a payout, and the postings that do it; parts of zero are left out. */
export function payout(
  state: Contract,
  amount: bigint,
  shares: Rule['to'],
  claimAccount: AccountPath | null = null,
): { readonly splits: readonly Split[]; readonly postings: readonly Posting[] } {
  const { asset } = state.terms;
  const parts =
    shares.length === 1
      ? [{ to: shares[0]!.to, amount: { asset, amount } }]
      : split({ asset, amount }, shares).filter((part) => part.amount.amount > 0n);
  const splits = parts.map((part) => splitOf(state, part.to, part.amount.amount, claimAccount));
  const custody = `custody:${state.contractId}`;
  return {
    splits,
    postings: splits.map((part) => posting(custody, part.account, { asset, amount: part.amount })),
  };
}

/** A role that nobody fills is whoever a claim names. */
function splitOf(state: Contract, role: Role, amount: bigint, claimAccount: AccountPath | null): Split {
  const party = partyIn(state, role);
  const payTo = party ? party.payTo : claimAccount;
  if (!party && payTo === null) throw impossible('A payout', `to the role ${role}, which nobody fills,`);
  if (payTo === null) return { role, amount, account: 'clearing:payout', onTo: 'origin' };
  if (payTo.startsWith('wallet:')) return { role, amount, account: 'clearing:payout', onTo: payTo };
  if (payTo.startsWith('contract:')) return { role, amount, account: 'clearing:funding', onTo: payTo };
  return { role, amount, account: payTo };
}
