import type { Operation } from './operation.js';

/** What the last two digits of an amount make the sandbox do. */
export type Behaviour =
  /** Succeeds at once. */
  | 'plain'
  /** .01 */
  | 'declines'
  /** .02: succeeds and says nothing; a query tells. */
  | 'silent'
  /** .03: pending, success by notice later. */
  | 'late'
  /** .04: succeeds, and says so in three notices more. */
  | 'duplicate'
  /** .05: declines, and succeeds later all the same. */
  | 'lateSuccess'
  /** .06: lost on the way the first time. */
  | 'lost'
  /** .07: a payout or refund that the payee's bank sends back. */
  | 'returned';

export function behaviourOf({ amount, kind }: Pick<Operation, 'amount' | 'kind'>): Behaviour {
  switch (amount.amount % 100n) {
    case 1n:
      return 'declines';
    case 2n:
      return 'silent';
    case 3n:
      return 'late';
    case 4n:
      return 'duplicate';
    case 5n:
      return 'lateSuccess';
    case 6n:
      return 'lost';
    case 7n:
      return kind === 'payout' || kind === 'refund' ? 'returned' : 'plain';
    default:
      return 'plain';
  }
}
