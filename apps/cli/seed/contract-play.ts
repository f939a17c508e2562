import { CNY, type Money, money } from '#libs/kernel/money/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { FundContract } from '#libs/payments/contract/funding.js';
import { contextOf, demoCaller } from './demo-callers.js';
import type { DemoPayer, PlannedContracts } from './demo-contracts.js';
import { fromWallet, notInterrupted, type Purses } from './pay.js';
import { SeedRefused, type SeedTarget } from './seed-target.js';

/** What playing the contracts of the demo needs. */
export interface ContractStage {
  readonly target: SeedTarget;
  readonly plan: PlannedContracts;
  readonly purses: Purses;
}

export const yuan = (fen: bigint): Money => money(CNY, fen);

/** Pays all of it from the wallet of the demo payer. */
export async function fundFromWallet(
  { target, purses }: ContractStage,
  contractId: ContractId,
  { key, payer, fen }: { readonly key: string; readonly payer: DemoPayer; readonly fen: bigint },
): Promise<void> {
  const caller = demoCaller(payer);
  const input = { contractId, amount: yuan(fen), method: fromWallet(purses, caller) };
  const paid = await notInterrupted(`demo-fund-${key}`, (idempotencyKey) =>
    target.execute(new FundContract(contextOf(caller), { idempotencyKey, ...input })),
  );
  if (paid.status !== 'CAPTURED') throw new SeedRefused(`funding of ${key}: ${paid.status}`);
}

/** What an act of before has made. @throws SeedRefused when it was refused */
export function made<Value>(value: Value | undefined, what: string): Value {
  if (value !== undefined) return value;
  throw new SeedRefused(`${what}: there is none.`);
}
