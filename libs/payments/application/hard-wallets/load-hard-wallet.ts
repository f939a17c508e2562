import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { hardWalletAggregate } from '../../codec/index.js';
import {
  LoadHardWallet,
  type HardWalletView,
  type LoadHardWalletRejectionCode,
} from '../../contract/index.js';
import { findRefusedLoad } from '../../domain/hard-wallet/index.js';
import { hardWalletViewOf } from './hard-wallet-view.js';
import { LoadProcess } from './load-process.js';

type Refusal = Rejection<LoadHardWalletRejectionCode>;

const MOST_COUNTED = 0xffff_ffff;

/** The owner loads a device from its wallet. Recorded first; finished by the request, or by the process manager after a crash. */
@CommandHandler(LoadHardWallet)
export class LoadHardWalletHandler implements ICommandHandler<LoadHardWallet> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(LoadProcess) private readonly process: LoadProcess,
  ) {}

  async execute({ context, input }: LoadHardWallet): Promise<Outcome<HardWalletView, Refusal>> {
    const { tenant, accountId: owner, roles } = context.caller;
    if (!roles.includes('payer')) return refused({ code: 'FORBIDDEN', message: 'Only a payer has wallets.' });
    assertIdempotencyKey(input.idempotencyKey);
    const { hardWalletId, amount, counter, idempotencyKey } = input;
    if (!Number.isInteger(counter) || counter < 0 || counter > MOST_COUNTED) {
      throw new InvalidInputError('INVALID_COUNTER', 'A counter is a whole number.', ['input', 'counter']);
    }
    if (!isUuid(hardWalletId)) {
      return refused({ code: 'HARD_WALLET_NOT_FOUND', message: 'There is no such hard wallet.' });
    }
    const loadId = deriveUuid(UUID_NAMESPACES.entity, 'load', tenant, owner, hardWalletId, idempotencyKey);
    const at = this.runtime.clock.now();
    const said = [amount.asset, String(amount.amount), String(counter)];
    const request = { operation: 'loadHardWallet', idempotencyKey, input: [hardWalletId, ...said] };
    const conflict = await claimKey({ store: this.store, at }, context, request);
    if (conflict) return refused(conflict);
    const commandId = deriveUuid(UUID_NAMESPACES.command, loadId, 'request', ...said);
    const asked = await this.store.run(
      hardWalletAggregate,
      hardWalletId,
      { kind: 'requestLoad', tenant, owner, loadId, amount, counter, at },
      commandContext(context, commandId, at),
    );
    if (!asked.accepted) return refused(asked.rejection);
    const mover = { actor: owner, correlationId: context.correlationId };
    const state = await this.process.finish(hardWalletId, loadId, mover);
    const failure = findRefusedLoad(state, loadId);
    if (failure) return refused({ ...failure, code: failure.code as LoadHardWalletRejectionCode });
    return { accepted: true, value: hardWalletViewOf(state) };
  }
}

function refused(rejection: Refusal): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection };
}
