import type { LocalDate } from '#libs/kernel/time/index.js';

/** Up to which amount money goes back without a second person, fen, from a day on; newest last. */
export const REFUND_POLICY: readonly { readonly from: LocalDate; readonly withoutCheckerFen: bigint }[] = [
  { from: '2020-01-01' as LocalDate, withoutCheckerFen: 50_000n },
];
