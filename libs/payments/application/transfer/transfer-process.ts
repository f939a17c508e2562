import { Inject, Injectable } from '@nestjs/common';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { TransferId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import { transferAggregate, walletAggregate } from '../../codec/index.js';
import { WALLET_CLEARING, type KnownTransfer, type TransferFailure } from '../../domain/transfer/index.js';
import { balanceLimitHit, limitDetails } from '../../domain/wallet/index.js';
import { enquire, refuseBy, seek } from './bank.js';
import { decideOnTransfer, TransferParts, type Mover } from './parts.js';
import { creditBack, creditMoney, holdMoney, releaseMoney, spendMoney } from './wallets.js';

/** No transfer has more steps between two answers of the institution. */
const MOST_STEPS = 8;

/**
 * The steps of a transfer from whatever state it is in to its end or to where somebody else has the next word; one piece of code for
 * the request, its retry, the institution's notice and the finisher. Every step is idempotent.
 */
@Injectable()
export class TransferProcess {
  readonly #running = new Map<TransferId, Promise<KnownTransfer>>();

  constructor(@Inject(TransferParts) readonly parts: TransferParts) {}

  /** Once per transfer and process at a time: who comes second waits for the first and gets the same answer. */
  finish(transfer: KnownTransfer, mover: Mover): Promise<KnownTransfer> {
    const { transferId } = transfer;
    const running = this.#running.get(transferId);
    if (running) return running;
    const finishing = this.#finish(transfer, mover).finally(() => this.#running.delete(transferId));
    this.#running.set(transferId, finishing);
    return finishing;
  }

  /** For the finisher: asks the institution about what is open there. */
  async finishLeftBehind(transferId: TransferId, mover: Mover): Promise<void> {
    if (this.#running.has(transferId)) return;
    const { state } = await this.parts.store.load(transferAggregate, transferId);
    if (state.status === 'absent') return;
    const transfer = state.status === 'sought' ? await enquire(this.parts, state, mover) : state;
    await this.finish(transfer, mover);
  }

  async #finish(start: KnownTransfer, mover: Mover): Promise<KnownTransfer> {
    let transfer = start;
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const next = await this.#step(transfer, mover);
      if (next.status === transfer.status) return next;
      transfer = next;
    }
    throw new Error(`Transfer ${transfer.transferId} is still ${transfer.status} after its last step.`);
  }

  /** The same state again: nothing more can be done now. */
  async #step(transfer: KnownTransfer, mover: Mover): Promise<KnownTransfer> {
    const { parts } = this;
    switch (transfer.status) {
      case 'requested':
        return this.#begin(transfer, mover);
      case 'taken':
        return this.#deliver(transfer, mover);
      case 'undeliverable':
        return this.#sendBack(transfer, mover);
      case 'late':
        return seek(parts, transfer, mover, 'refund');
      case 'refused': {
        await releaseMoney(parts, transfer, mover);
        return this.#decide(transfer, mover, 'fail');
      }
      case 'returned': {
        await creditBack(parts, transfer, mover, 'clearing:operator');
        return this.#decide(transfer, mover, 'giveBack');
      }
      case 'offered':
      case 'sought':
      case 'failed':
      case 'completed':
      case 'givenBack':
        return transfer;
      default:
        return assertNever(transfer.status, 'transfer status');
    }
  }

  async #begin(transfer: KnownTransfer, mover: Mover): Promise<KnownTransfer> {
    const { parts } = this;
    if (transfer.kind === 'topUp') {
      const failure = await this.#whyNotIn(transfer);
      return failure ? refuseBy(parts, transfer, mover, failure) : seek(parts, transfer, mover, 'collect');
    }
    const held = await holdMoney(parts, transfer, mover);
    if (!held.accepted) return refuseBy(parts, transfer, mover, held.rejection);
    if (transfer.kind === 'withdrawal') return seek(parts, transfer, mover, 'payout');
    return this.#decide(transfer, mover, 'take');
  }

  /** Asked before the bank is: most top-ups that would not fit need not be collected and given back. */
  async #whyNotIn({ tenant, to, amount }: KnownTransfer): Promise<TransferFailure | undefined> {
    const { store, runtime, ports } = this.parts;
    const { state } = await store.load(walletAggregate, to!.walletId);
    if (state.status === 'absent' || state.tenant !== tenant || state.owner !== to!.owner) {
      return { code: 'WALLET_NOT_FOUND', message: 'There is no such wallet.', path: ['input', 'walletId'] };
    }
    const limits = await ports.limits.on(tenant, localDateOf(runtime.clock.now()));
    const wallet = { tier: state.tier, balance: state.available + state.held };
    const hit = balanceLimitHit(amount.amount, wallet, limits);
    if (!hit) return undefined;
    const message = 'The wallet may not take in so much.';
    return {
      code: 'LIMIT_EXCEEDED',
      message,
      path: ['input', 'amount'],
      details: limitDetails(hit, amount.asset),
    };
  }

  async #deliver(transfer: KnownTransfer, mover: Mover): Promise<KnownTransfer> {
    const { parts } = this;
    if (transfer.to) {
      const credited = await creditMoney(parts, transfer, mover);
      if (!credited.accepted) {
        const command = {
          kind: 'undeliver',
          failure: credited.rejection,
          at: parts.runtime.clock.now(),
        } as const;
        return decideOnTransfer(parts, transfer, mover, { step: 'undeliver', command });
      }
    }
    await spendMoney(parts, transfer, mover);
    return this.#decide(transfer, mover, 'complete');
  }

  async #sendBack(transfer: KnownTransfer, mover: Mover): Promise<KnownTransfer> {
    const { parts } = this;
    if (transfer.kind === 'topUp') return seek(parts, transfer, mover, 'refund');
    await spendMoney(parts, transfer, mover);
    await creditBack(parts, transfer, mover, WALLET_CLEARING);
    return this.#decide(transfer, mover, 'fail');
  }

  #decide(
    transfer: KnownTransfer,
    mover: Mover,
    kind: 'take' | 'fail' | 'complete' | 'giveBack',
  ): Promise<KnownTransfer> {
    const command = { kind, at: this.parts.runtime.clock.now() } as const;
    return decideOnTransfer(this.parts, transfer, mover, { step: kind, command });
  }
}
