import type { LimitsByTier } from '../wallet/index.js';

/**
 * Where a tenant has set nothing else, in fen: the examples published for e-CNY wallets. Tier IV is known by a phone number, III by
 * an identity checked from afar, II by a bank account beside it, I at the counter.
 */
export const PUBLISHED_LIMITS: LimitsByTier = {
  IV: { balance: 1_000_000n, single: 200_000n, day: 500_000n, year: 5_000_000n },
  III: { balance: 2_000_000n, single: 500_000n, day: 1_000_000n },
  II: { balance: 50_000_000n, single: 5_000_000n, day: 10_000_000n },
  I: {},
};
