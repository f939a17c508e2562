import { randomUUID } from 'node:crypto';
import type { CommandBus } from '@nestjs/cqrs';
import type { CachingDeciderStore } from '#libs/event-log/runner/index.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { asId, type WalletId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { walletAggregate } from '#libs/payments/codec/index.js';
import type { SubWalletId } from '#libs/payments/contract/index.js';
import { benchToken } from './bench-token.js';
import { inFlight } from '../../harness/in-flight.js';
import { organisationAt, payerAt } from './callers.js';
import { liftLimits, openWallet, topUp } from './wallets.js';

/** Yuan a sub-wallet may pay at once and in a day: above a bill, and above what a payer pays in one run of the benchmark. */
const SUB_WALLET_LIMITS = { single: money(CNY, 500_000n), day: money(CNY, 9_900_000n) };

export interface PayersOrder {
  readonly count: number;
  /** The payers' sub-wallets are pushed to so many organisations in turn. */
  readonly organisations: number;
  /** `limited`: a wallet of tier II with a sub-wallet, both with limits that count. `free`: a wallet of tier I alone. */
  readonly kind: 'limited' | 'free';
}

export interface BenchPayer {
  readonly walletId: WalletId;
  readonly subWalletId?: SubWalletId;
  readonly token: string;
}

export interface PayersTarget {
  readonly commands: CommandBus;
  readonly decider: Pick<CachingDeciderStore, 'run'>;
  readonly dataDir: string;
  readonly port: number;
}

/** Accounts of their own, each with a wallet and a token. */
export async function preparePayers(
  target: PayersTarget,
  { count, organisations, kind }: PayersOrder,
): Promise<readonly BenchPayer[]> {
  const payers: BenchPayer[] = [];
  await inFlight(count, 64, async (index) => {
    const context = payerAt(`${kind}-${index}`);
    const walletId = await openWallet(target.commands, context, 'bench');
    if (kind === 'free') await liftLimits(target.commands, context, walletId);
    await topUp(target.commands, context, { walletId, key: `top-up-${walletId}` });
    const token = await benchToken(context.caller, target);
    payers[index] = { walletId, token };
    if (kind === 'limited') {
      const subWalletId = await pushSubWallet(target, walletId, {
        context,
        organisation: index % organisations,
      });
      payers[index] = { walletId, subWalletId, token };
    }
  });
  return payers;
}

/** By the wallet itself: the command looks the organisation up in a view, and a store without work has none. */
async function pushSubWallet(
  { decider }: PayersTarget,
  walletId: WalletId,
  { context, organisation }: { readonly context: ReturnType<typeof payerAt>; readonly organisation: number },
): Promise<SubWalletId> {
  const { tenant, accountId: owner } = context.caller;
  const subWalletId = asId<'subWallet'>(randomUUID());
  const at = parseInstant(new Date().toISOString());
  const pushed = await decider.run(
    walletAggregate,
    walletId,
    {
      kind: 'pushSubWallet',
      tenant,
      owner,
      subWalletId,
      token: subWalletId,
      organisationId: organisationAt(organisation),
      limits: SUB_WALLET_LIMITS,
      at,
    },
    commandContext(context, randomUUID(), at),
  );
  if (!pushed.accepted) throw new Error(`To push a sub-wallet was refused: ${pushed.rejection.code}.`);
  return subWalletId;
}
