import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CNY, money } from '#libs/kernel/money/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';
import { WalletTierLimits, type TierLimitsView } from '../../contract/index.js';
import { WALLET_TIERS } from '../../domain/wallet/index.js';
import { WalletLimitsOf } from './wallet-limits.js';

/** What is in force on a day; for a coming day: as set so far. */
@QueryHandler(WalletTierLimits)
export class WalletTierLimitsHandler implements IQueryHandler<WalletTierLimits> {
  constructor(
    @Inject(WalletLimitsOf) private readonly limits: WalletLimitsOf,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context: { caller }, on }: WalletTierLimits): Promise<readonly TierLimitsView[]> {
    const limits = await this.limits.on(caller.tenant, on ?? localDateOf(this.runtime.clock.now()));
    return WALLET_TIERS.map((tier) => {
      const { balance, single, day, year } = limits[tier];
      return {
        tier,
        ...(balance !== undefined && { balance: money(CNY, balance) }),
        ...(single !== undefined && { single: money(CNY, single) }),
        ...(day !== undefined && { day: money(CNY, day) }),
        ...(year !== undefined && { year: money(CNY, year) }),
      };
    });
  }
}
