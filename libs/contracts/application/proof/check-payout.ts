import type { Step } from './history.js';
import { ProofFault } from './history.js';
import { isPayout } from './readable.js';

/** @throws ProofFault when the payout's parts are not the whole, or its money does not come out of the contract's custody */
export function checkPayout(steps: readonly Step[]): string {
  const event = steps.at(-1)?.event;
  if (!event || !isPayout(event)) throw new ProofFault('the last event pays nothing out');
  const { amount, asset, splits, postings, contractId } = event.data;
  if (amount <= 0n) throw new ProofFault('it pays nothing');
  if (splits.some((split) => split.amount < 0n)) throw new ProofFault('a share is below zero');
  const shared = splits.reduce((sum, split) => sum + split.amount, 0n);
  if (shared !== amount) throw new ProofFault(`the shares sum up to ${shared} of ${amount}`);
  const custody = `custody:${contractId}`;
  for (const posting of postings) {
    if (posting.source !== custody) throw new ProofFault(`money comes from ${posting.source}`);
    if (posting.amount.asset !== asset)
      throw new ProofFault(`money of another kind: ${posting.amount.asset}`);
  }
  const paid = byAccount(postings.map((one) => [one.destination, one.amount.amount]));
  const meant = byAccount(splits.map((one) => [one.account, one.amount]));
  for (const account of new Set([...paid.keys(), ...meant.keys()])) {
    if ((paid.get(account) ?? 0n) !== (meant.get(account) ?? 0n)) {
      throw new ProofFault(`${account} gets another amount than its share`);
    }
  }
  return `${amount} ${asset} in ${splits.length} share${splits.length === 1 ? '' : 's'}`;
}

function byAccount(parts: readonly (readonly [account: string, amount: bigint])[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const [account, amount] of parts) sums.set(account, (sums.get(account) ?? 0n) + amount);
  return sums;
}
