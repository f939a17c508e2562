import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import {
  WalletInstitutions,
  WalletPrecheck,
  type OperatingInstitution,
  type WalletPrecheckView,
} from '../../contract/index.js';
import { OPERATING_INSTITUTIONS, walletDecider } from '../../domain/wallet/index.js';
import { ownWallet } from './own-wallet.js';
import { WalletLimitsOf } from './wallet-limits.js';

/** Of no payment: what is decided here is never stored. */
const NO_PAYMENT = asId<'payment'>('00000000-0000-8000-8000-000000000000');

/** Asks the wallet's own decider what it would say, so that the answer cannot differ from a payment's. */
@QueryHandler(WalletPrecheck)
export class WalletPrecheckHandler implements IQueryHandler<WalletPrecheck> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(WalletLimitsOf) private readonly limits: WalletLimitsOf,
  ) {}

  async execute({ context: { caller }, input }: WalletPrecheck): Promise<WalletPrecheckView | undefined> {
    const { walletId, amount, subWalletId } = input;
    if (amount.amount <= 0n) {
      throw new InvalidInputError('INVALID_AMOUNT', 'An amount to pay is above zero.', ['amount']);
    }
    const wallet = await ownWallet(this.store, caller, walletId);
    if (!wallet) return undefined;
    const businessDate = localDateOf(this.runtime.clock.now());
    const limits = await this.limits.on(caller.tenant, businessDate);
    const { tenant, accountId: owner } = caller;
    const decision = walletDecider.decide(
      { kind: 'hold', tenant, owner, paymentId: NO_PAYMENT, amount, limits, businessDate, subWalletId },
      wallet,
    );
    if (decision.accepted) return { allowed: true };
    const { code } = decision.rejection;
    switch (code) {
      case 'WALLET_FROZEN':
      case 'SUB_WALLET_CLOSED':
      case 'INSUFFICIENT_FUNDS':
      case 'LIMIT_EXCEEDED':
        return { allowed: false, refusal: { ...decision.rejection, code } };
      default:
        throw new Error(`A precheck was refused with ${code}.`);
    }
  }
}

@QueryHandler(WalletInstitutions)
export class WalletInstitutionsHandler implements IQueryHandler<WalletInstitutions> {
  execute(): Promise<readonly OperatingInstitution[]> {
    return Promise.resolve(OPERATING_INSTITUTIONS);
  }
}
