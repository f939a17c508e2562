import { Inject, Injectable } from '@nestjs/common';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { addMs, localDateOf, type LocalDate } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { walletTiersAggregate } from '../../codec/index.js';
import type { LimitsByTier } from '../../domain/wallet/index.js';
import { limitsOn } from '../../domain/wallet-tiers/index.js';

/** A command that sets limits lives for seconds; by then whatever was decided the day before is in the log. */
const SETTLED_AFTER_MS = 60_000;
/** Tenants times days; a program serves a handful of tenants and restarts now and then. */
const MOST_REMEMBERED = 1_000;

/**
 * The limits of wallets on a business day. They cannot change once the day has begun, so that each day is read once and
 * remembered: a payment costs no read.
 */
@Injectable()
export class WalletLimitsOf {
  readonly #days = new Map<string, LimitsByTier>();

  constructor(
    @Inject(DECIDER_STORE) private readonly store: Pick<DeciderStore, 'load'>,
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'clock'>,
  ) {}

  /** Of every tier, because only the wallet itself knows its own. @throws what `DeciderStore.load` throws */
  async on(tenant: TenantId, day: LocalDate): Promise<LimitsByTier> {
    const key = `${day} ${tenant}`;
    const known = this.#days.get(key);
    if (known) return known;
    const { state } = await this.store.load(walletTiersAggregate, tenant);
    const limits = limitsOn(state, day);
    if (this.#isSettled(day)) this.#remember(key, limits);
    return limits;
  }

  #isSettled(day: LocalDate): boolean {
    return localDateOf(addMs(this.runtime.clock.now(), -SETTLED_AFTER_MS)) >= day;
  }

  #remember(key: string, limits: LimitsByTier): void {
    if (this.#days.size >= MOST_REMEMBERED) this.#days.clear();
    this.#days.set(key, limits);
  }
}
