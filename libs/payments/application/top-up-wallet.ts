import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, DEMO_MONEY, RUNTIME } from '#libs/runtime/port/tokens.js';
import { walletAggregate } from '../codec/index.js';
import { TopUpWallet, type WalletView } from '../contract/index.js';
import type { TopUpLimits, WalletRefusal } from '../domain/wallet/index.js';
import { walletViewOf } from './wallet-view.js';

type TopUpRejection = Rejection<
  'FORBIDDEN' | 'WALLET_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT' | 'INVALID_AMOUNT' | 'LIMIT_EXCEEDED'
>;

/** Demo money, fen: enough for a load test, too little for a balance to lose its meaning. */
const LIMITS: TopUpLimits = {
  singleTopUp: money(CNY, 100_000_000n),
  balance: money(CNY, 1_000_000_000n),
};

/** The owner puts demo money into a wallet. */
@CommandHandler(TopUpWallet)
export class TopUpWalletHandler implements ICommandHandler<TopUpWallet> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(DEMO_MONEY) private readonly demoMoney: boolean,
  ) {}

  async execute({ context, input }: TopUpWallet): Promise<Outcome<WalletView, TopUpRejection>> {
    const { tenant, accountId, roles } = context.caller;
    const { idempotencyKey, walletId, amount } = input;
    if (!roles.includes('payer') || !this.demoMoney) {
      return refused({ code: 'FORBIDDEN', message: 'Wallets are not topped up like this here.' });
    }
    assertIdempotencyKey(idempotencyKey);
    if (!isUuid(walletId)) return refused({ code: 'WALLET_NOT_FOUND', message: 'There is no such wallet.' });
    const scope = ['topUpWallet', tenant, accountId, idempotencyKey] as const;
    const topUpId = deriveUuid(UUID_NAMESPACES.command, ...scope);
    // The amount is part of the id: another amount under the same key is another command, and gets refused.
    const commandId = deriveUuid(UUID_NAMESPACES.command, topUpId, amount.asset, String(amount.amount));
    const at = this.runtime.clock.now();
    const said = [walletId, amount.asset, String(amount.amount)];
    const request = { operation: 'topUpWallet', idempotencyKey, input: said };
    const conflict = await claimKey({ store: this.store, at }, context, request);
    if (conflict) return refused(conflict);
    const result = await this.store.run(
      walletAggregate,
      walletId,
      { kind: 'topUp', tenant, owner: accountId, topUpId, amount, limits: LIMITS },
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return refused(topUpRejection(result.rejection));
    if (result.state.status === 'absent') throw new Error('A topped-up wallet is not in the log.');
    return { accepted: true, value: walletViewOf(result.state) };
  }
}

function refused(rejection: TopUpRejection): Outcome<never, TopUpRejection> {
  return { accepted: false, rejection };
}

function topUpRejection(rejection: WalletRefusal): TopUpRejection {
  switch (rejection.code) {
    case 'WALLET_NOT_FOUND':
    case 'IDEMPOTENCY_CONFLICT':
    case 'INVALID_AMOUNT':
    case 'LIMIT_EXCEEDED':
      return { ...rejection, code: rejection.code };
    default:
      throw new Error(`A top-up was refused with ${rejection.code}.`);
  }
}
