import { Inject, Injectable } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { hardWalletAggregate, walletAggregate } from '../../codec/index.js';
import {
  findRefusedLoad,
  type HardWalletCommand,
  type HardWalletId,
  type HardWalletState,
} from '../../domain/hard-wallet/index.js';
import type { WalletCommand } from '../../domain/wallet/index.js';
import { WalletLimitsOf } from '../wallets/wallet-limits.js';

export interface Mover {
  readonly actor: string;
  readonly correlationId: string;
}

/**
 * A load from its request to its end: hold on the wallet → the device's balance → spend; every step is idempotent, so that the request
 * and the process manager may both take them. What is loaded counts as paid against the wallet's limits.
 */
@Injectable()
export class LoadProcess {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(WalletLimitsOf) private readonly limits: WalletLimitsOf,
  ) {}

  async finish(hardWalletId: HardWalletId, loadId: string, mover: Mover): Promise<HardWalletState> {
    const { state } = await this.store.load(hardWalletAggregate, hardWalletId);
    if (state.status === 'absent') throw new Error(`Hard wallet ${hardWalletId} is not in the log.`);
    const { tenant, owner, walletId } = state;
    const at = this.runtime.clock.now();
    const context = (step: string): CommandContext => {
      const commandId = deriveUuid(UUID_NAMESPACES.command, hardWalletId, loadId, step);
      return { commandId, ...mover, tenant, at };
    };
    const onWallet = (command: WalletCommand, step: string) =>
      this.store.run(walletAggregate, walletId, command, context(step));
    const onDevice = async (command: HardWalletCommand, step: string): Promise<HardWalletState> =>
      (await this.store.run(hardWalletAggregate, hardWalletId, command, context(step))).state;
    const paymentId = asId<'payment'>(loadId);
    let after: HardWalletState = state;
    const asked = state.openLoads.find((load) => load.loadId === loadId);
    if (asked) {
      const businessDate = localDateOf(at);
      const limits = await this.limits.on(tenant, businessDate);
      const amount = money(CNY, asked.amount);
      const hold: WalletCommand = { kind: 'hold', tenant, owner, paymentId, amount, limits, businessDate };
      const held = await onWallet(hold, 'hold');
      if (held.accepted) {
        after = await onDevice({ kind: 'load', loadId, at }, 'load');
      } else if (held.rejection.code === 'PAYMENT_ENDED') {
        after = (await this.store.load(hardWalletAggregate, hardWalletId)).state;
      } else {
        const { code, message, details } = held.rejection;
        const failure = details ? { code, message, details } : { code, message };
        after = await onDevice({ kind: 'refuseLoad', loadId, failure, at }, 'refuse');
      }
    }
    // Two may have been at it at once: what the device's stream says counts, whatever the wallet answered to either.
    const refused = findRefusedLoad(after, loadId) !== undefined;
    const end: WalletCommand = { kind: refused ? 'release' : 'spend', paymentId };
    await onWallet(end, end.kind);
    return after;
  }
}
