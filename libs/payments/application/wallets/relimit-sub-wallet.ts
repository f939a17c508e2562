import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { walletAggregate } from '../../codec/index.js';
import { RelimitSubWallet, type SubWalletView } from '../../contract/index.js';
import { noSuchWallet } from './own-wallet.js';
import { openSubWallet } from './sub-wallet-view.js';

type Refusal = Rejection<
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'WALLET_NOT_FOUND'
  | 'SUB_WALLET_NOT_FOUND'
  | 'SUB_WALLET_CLOSED'
  | 'INVALID_AMOUNT'
>;

/** The owner changes what an organisation may spend; counts at once, for today too. */
@CommandHandler(RelimitSubWallet)
export class RelimitSubWalletHandler implements ICommandHandler<RelimitSubWallet> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: RelimitSubWallet): Promise<Outcome<SubWalletView, Refusal>> {
    const { tenant, accountId: owner, roles } = context.caller;
    if (!roles.includes('payer')) return refused('FORBIDDEN', 'Only a payer has wallets.');
    assertIdempotencyKey(input.idempotencyKey);
    const { walletId, subWalletId, single, day, idempotencyKey } = input;
    if (!isUuid(walletId)) return noSuchWallet();
    const said = [idempotencyKey, single.asset, String(single.amount), String(day.amount)];
    const commandId = deriveUuid(UUID_NAMESPACES.command, walletId, subWalletId, 'relimit', owner, ...said);
    const at = this.runtime.clock.now();
    const request = {
      operation: 'relimitSubWallet',
      idempotencyKey,
      input: [walletId, subWalletId, ...said.slice(1)],
    };
    const conflict = await claimKey({ store: this.store, at }, context, request);
    if (conflict) return { accepted: false, rejection: conflict };
    const result = await this.store.run(
      walletAggregate,
      walletId,
      { kind: 'relimitSubWallet', tenant, owner, subWalletId, limits: { single, day } },
      commandContext(context, commandId, at),
    );
    if (!result.accepted) {
      const { code, message } = result.rejection;
      switch (code) {
        case 'WALLET_NOT_FOUND':
        case 'SUB_WALLET_NOT_FOUND':
        case 'SUB_WALLET_CLOSED':
        case 'INVALID_AMOUNT':
          return refused(code, message);
        default:
          throw new Error(`New limits were refused with ${code}.`);
      }
    }
    const value = openSubWallet(result.state, subWalletId);
    // The repetition of a change that was made before the sub-wallet was closed.
    return value ? { accepted: true, value } : refused('SUB_WALLET_CLOSED', 'The sub-wallet was closed.');
  }
}

function refused(
  code: Refusal['code'],
  message: string,
): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection: { code, message } };
}
