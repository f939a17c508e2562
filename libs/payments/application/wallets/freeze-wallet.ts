import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { walletAggregate } from '../../codec/index.js';
import { FreezeWallet, type WalletView } from '../../contract/index.js';
import { viewAfter } from '../wallet-view.js';
import { noSuchWallet } from './own-wallet.js';

const LONGEST_REASON = 200;

/** Operations freeze a wallet, or thaw it. */
@CommandHandler(FreezeWallet)
export class FreezeWalletHandler implements ICommandHandler<FreezeWallet> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({
    context,
    input,
  }: FreezeWallet): Promise<Outcome<WalletView, Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND'>>> {
    const { tenant, roles, organisation } = context.caller;
    if (!roles.includes('ops') || organisation !== undefined) {
      return {
        accepted: false,
        rejection: { code: 'FORBIDDEN', message: 'Only operations freeze wallets.' },
      };
    }
    assertIdempotencyKey(input.idempotencyKey);
    const { walletId, idempotencyKey } = input;
    const reason = input.reason.trim();
    if (reason === '' || reason.length > LONGEST_REASON) {
      const message = `A reason has 1 to ${LONGEST_REASON} characters.`;
      throw new InvalidInputError('INVALID_REASON', message, ['input', 'reason']);
    }
    if (!isUuid(walletId)) return noSuchWallet();
    const kind = input.frozen ? 'freeze' : 'thaw';
    const at = this.runtime.clock.now();
    const commandId = deriveUuid(UUID_NAMESPACES.command, walletId, kind, tenant, idempotencyKey);
    const result = await this.store.run(
      walletAggregate,
      walletId,
      { kind, tenant, reason, at },
      commandContext(context, commandId, at),
    );
    return result.accepted ? { accepted: true, value: viewAfter(result.state) } : noSuchWallet();
  }
}
