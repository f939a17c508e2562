import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { CNY } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { walletAggregate } from '../codec/index.js';
import { OpenWallet, type WalletView } from '../contract/index.js';
import { walletViewOf } from './wallet-view.js';

type OpenOutcome = Outcome<WalletView, Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT'>>;

const LONGEST_LABEL = 40;

/**
 * A payer opens a wallet. Its id derives from tenant, account and label, so that every key for the same label leads to the
 * same wallet and no key can conflict.
 */
@CommandHandler(OpenWallet)
export class OpenWalletHandler implements ICommandHandler<OpenWallet> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: OpenWallet): Promise<OpenOutcome> {
    const { tenant, accountId, roles } = context.caller;
    if (!roles.includes('payer')) {
      return { accepted: false, rejection: { code: 'FORBIDDEN', message: 'Only a payer opens a wallet.' } };
    }
    assertIdempotencyKey(input.idempotencyKey);
    const label = input.label.trim();
    if (label === '' || label.length > LONGEST_LABEL) {
      const message = `A label has 1 to ${LONGEST_LABEL} characters.`;
      throw new InvalidInputError('INVALID_LABEL', message, ['input', 'label']);
    }
    const walletId = asId<'wallet'>(deriveUuid(UUID_NAMESPACES.entity, 'wallet', tenant, accountId, label));
    const { state } = await this.store.run(
      walletAggregate,
      walletId,
      { kind: 'open', walletId, tenant, owner: accountId, label, asset: CNY },
      commandContext(
        context,
        deriveUuid(UUID_NAMESPACES.command, walletId, 'open'),
        this.runtime.clock.now(),
      ),
    );
    if (state.status === 'absent') throw new Error('An opened wallet is not in the log.');
    return { accepted: true, value: walletViewOf(state) };
  }
}
