import { type ExportedEvent, idIn, isRecord, nameOf, textOf } from './export.js';

/** Minor units; absent: no limit. */
export interface Limits {
  readonly balance?: bigint;
  readonly single?: bigint;
  readonly day?: bigint;
  readonly year?: bigint;
}

/** The published examples for e-CNY wallets, fen; in force where a tenant has set nothing else. */
const PUBLISHED: Readonly<Record<string, Limits>> = {
  IV: { balance: 1_000_000n, single: 200_000n, day: 500_000n, year: 5_000_000n },
  III: { balance: 2_000_000n, single: 500_000n, day: 1_000_000n },
  II: { balance: 50_000_000n, single: 5_000_000n, day: 10_000_000n },
  I: {},
};

const NAMES = ['balance', 'single', 'day', 'year'] as const;

/** The limits of a tenant's wallet tiers, effective-dated. */
export class TierLimits {
  readonly #set: { readonly key: string; readonly from: string; readonly limits: Limits }[] = [];

  observe(event: ExportedEvent): void {
    const tenant = idIn('walletTiers', event.stream);
    if (tenant === undefined || nameOf(event.type) !== 'TierLimitsSet') return;
    const { tier, limits, from } = event.data;
    const given = isRecord(limits) ? limits : {};
    const read = NAMES.flatMap((name) => {
      const text = textOf(given[name]);
      return /^\d+$/.test(text) ? [[name, BigInt(text)] as const] : [];
    });
    this.#set.push({
      key: `${tenant} ${textOf(tier)}`,
      from: textOf(from),
      limits: Object.fromEntries(read),
    });
  }

  /** The one that begins last counts; of two that begin on one day the later one. */
  on(tenant: string, tier: string, day: string): Limits {
    let found: { readonly from: string; readonly limits: Limits } | undefined;
    for (const one of this.#set) {
      if (one.key === `${tenant} ${tier}` && one.from <= day && (!found || one.from >= found.from))
        found = one;
    }
    return found?.limits ?? PUBLISHED[tier] ?? {};
  }
}
