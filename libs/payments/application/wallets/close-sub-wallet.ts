import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { walletAggregate } from '../../codec/index.js';
import { CloseSubWallet, type SubWalletClosedView } from '../../contract/index.js';
import { noSuchWallet } from './own-wallet.js';

type Refusal = Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND' | 'SUB_WALLET_NOT_FOUND'>;

/** The owner takes a sub-wallet back. */
@CommandHandler(CloseSubWallet)
export class CloseSubWalletHandler implements ICommandHandler<CloseSubWallet> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: CloseSubWallet): Promise<Outcome<SubWalletClosedView, Refusal>> {
    const { tenant, accountId: owner, roles } = context.caller;
    if (!roles.includes('payer')) {
      return { accepted: false, rejection: { code: 'FORBIDDEN', message: 'Only a payer has wallets.' } };
    }
    assertIdempotencyKey(input.idempotencyKey);
    const { walletId, subWalletId } = input;
    if (!isUuid(walletId)) return noSuchWallet();
    const commandId = deriveUuid(UUID_NAMESPACES.command, walletId, subWalletId, 'close', owner);
    const result = await this.store.run(
      walletAggregate,
      walletId,
      { kind: 'closeSubWallet', tenant, owner, subWalletId },
      commandContext(context, commandId, this.runtime.clock.now()),
    );
    if (result.accepted) return { accepted: true, value: { subWalletId } };
    const { code, message } = result.rejection;
    if (code !== 'WALLET_NOT_FOUND' && code !== 'SUB_WALLET_NOT_FOUND') {
      throw new Error(`Closing a sub-wallet was refused with ${code}.`);
    }
    return { accepted: false, rejection: { code, message } };
  }
}
