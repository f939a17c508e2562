import { defineEvents } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { TierLimits, WalletTier } from '../domain/wallet/index.js';
import type { LimitProposalId, ProposedLimits, WalletTiersEvent } from '../domain/wallet-tiers/index.js';

/** How the changes of wallet limits are stored: schemas/events/payments. Limits are minor units of CNY/2. */
export const walletTierEvents = defineEvents<WalletTiersEvent>('payments', {
  TierLimitsProposed: {
    version: 1,
    encode: ({ tenant, maker, reason, proposedAt, ...proposed }) => ({
      ...encodeProposed(proposed),
      tenant,
      maker,
      reason,
      proposedAt,
    }),
    decode: (json) => ({
      ...decodeProposed(json),
      tenant: json['tenant'] as TenantId,
      maker: json['maker'] as string,
      reason: json['reason'] as string,
      proposedAt: json['proposedAt'] as Instant,
    }),
  },
  TierLimitsSet: {
    version: 1,
    encode: ({ checker, setAt, ...proposed }) => ({ ...encodeProposed(proposed), checker, setAt }),
    decode: (json) => ({
      ...decodeProposed(json),
      checker: json['checker'] as string,
      setAt: json['setAt'] as Instant,
    }),
  },
  TierLimitsDropped: {
    version: 1,
    encode: ({ proposalId, why, checker, droppedAt }) => ({ proposalId, why, checker, droppedAt }),
    decode: (json) => ({
      proposalId: json['proposalId'] as LimitProposalId,
      why: json['why'] as 'declined' | 'late',
      checker: json['checker'] as string,
      droppedAt: json['droppedAt'] as Instant,
    }),
  },
});

const NAMES = ['balance', 'single', 'day', 'year'] as const;

function encodeProposed({ proposalId, tier, limits, from }: ProposedLimits): JsonObject {
  const given = NAMES.filter((name) => limits[name] !== undefined);
  return {
    proposalId,
    tier,
    limits: Object.fromEntries(given.map((name) => [name, limits[name]!.toString()])),
    from,
  };
}

function decodeProposed(json: JsonObject): ProposedLimits {
  const stored = json['limits'] as Readonly<Record<string, string>>;
  const given = NAMES.filter((name) => stored[name] !== undefined);
  return {
    proposalId: json['proposalId'] as LimitProposalId,
    tier: json['tier'] as WalletTier,
    limits: Object.fromEntries(given.map((name) => [name, BigInt(stored[name]!)])) as TierLimits,
    from: json['from'] as LocalDate,
  };
}
