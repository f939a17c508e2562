import { money, type Money } from '#libs/kernel/money/index.js';

/** What a payer pays on top for a channel. Minor units; the rate is an exact fraction. */
export interface ChargeRule {
  readonly rate: { readonly of: bigint; readonly per: bigint };
  readonly flat: bigint;
  readonly minimum: bigint;
  /** Absent: none. */
  readonly maximum?: bigint;
}

/** Floored to the minor unit, in the payer's favour. */
export function chargeOf({ rate, flat, minimum, maximum }: ChargeRule, amount: Money): Money {
  const charge = (amount.amount * rate.of) / rate.per + flat;
  const atLeast = charge < minimum ? minimum : charge;
  return money(amount.asset, maximum !== undefined && atLeast > maximum ? maximum : atLeast);
}
