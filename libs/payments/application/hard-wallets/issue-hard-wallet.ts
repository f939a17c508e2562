import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { hardWalletAggregate } from '../../codec/index.js';
import { IssueHardWallet, type HardWalletView } from '../../contract/index.js';
import { noSuchWallet, ownWallet } from '../wallets/own-wallet.js';
import { hardWalletViewOf } from './hard-wallet-view.js';
import { isPublicKey } from './offline-token.js';
import { PERMITTED_OFFLINE } from './permitted-offline.data.js';

/** The owner registers a device. */
@CommandHandler(IssueHardWallet)
export class IssueHardWalletHandler implements ICommandHandler<IssueHardWallet> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({
    context,
    input,
  }: IssueHardWallet): Promise<Outcome<HardWalletView, Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND'>>> {
    const { tenant, accountId: owner, roles } = context.caller;
    if (!roles.includes('payer')) {
      return { accepted: false, rejection: { code: 'FORBIDDEN', message: 'Only a payer has wallets.' } };
    }
    assertIdempotencyKey(input.idempotencyKey);
    const { walletId, publicKey } = input;
    if (!isPublicKey(publicKey)) {
      const message = 'A device has an Ed25519 key: 32 bytes in base64url.';
      throw new InvalidInputError('INVALID_PUBLIC_KEY', message, ['input', 'publicKey']);
    }
    if (!(await ownWallet(this.store, context.caller, walletId))) return noSuchWallet();
    const hardWalletId = asId<'hardWallet'>(
      deriveUuid(UUID_NAMESPACES.entity, 'hardWallet', tenant, walletId, publicKey),
    );
    const issuedAt = this.runtime.clock.now();
    const permitted = PERMITTED_OFFLINE;
    const hardWallet = { hardWalletId, tenant, owner, walletId, publicKey, permitted, issuedAt };
    const { state } = await this.store.run(
      hardWalletAggregate,
      hardWalletId,
      { kind: 'issue', hardWallet },
      commandContext(context, deriveUuid(UUID_NAMESPACES.command, hardWalletId, 'issue'), issuedAt),
    );
    return { accepted: true, value: hardWalletViewOf(state) };
  }
}
