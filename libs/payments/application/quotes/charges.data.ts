import type { ChargeRule } from '../../domain/charge.js';
import type { Channel } from '../../domain/payment/index.js';

/** Charges that the payer bears, by channel; a channel that is not named costs the payer nothing. */
export const CHARGES: Readonly<Partial<Record<Channel, ChargeRule>>> = {
  // Merchant service fee of card terminals, 0.6 %.
  pos: { rate: { of: 6n, per: 1_000n }, flat: 0n, minimum: 0n },
};
