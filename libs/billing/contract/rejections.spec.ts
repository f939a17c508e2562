import { describe, expect, it } from '@jest/globals';
import type { BillRefusal } from '../domain/bill/index.js';
import type { FeeItemRefusal } from '../domain/fee-item/index.js';
import type {
  CancelBillRejection,
  DefineFeeItemRejection,
  IssueBillRejection,
  ReserveBillRejection,
} from './index.js';

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;
type Code<Refusal extends { readonly code: string }> = Refusal['code'];

/** What the handler adds to what the decider refuses. */
type ByHandler = 'FORBIDDEN' | 'UNKNOWN_FEE_ITEM';

describe('the rejections of the contract', () => {
  it('are those of the domain: a difference does not compile', () => {
    const defining: Same<Code<DefineFeeItemRejection>, Code<FeeItemRefusal> | 'FORBIDDEN'> = true;
    const reserving: Same<
      Code<ReserveBillRejection>,
      Exclude<
        Code<BillRefusal>,
        | 'INVALID_BILL'
        | 'NOT_RESERVED'
        | 'NOT_ALLOCATED'
        | 'UNKNOWN_FEE_ITEM'
        | 'IDEMPOTENCY_CONFLICT'
        | 'WRITE_OFF_PENDING'
      >
    > = true;
    const issuing: Same<
      Code<IssueBillRejection>,
      ByHandler | Extract<Code<BillRefusal>, Code<IssueBillRejection>>
    > = true;
    const cancelling: Same<
      Code<CancelBillRejection>,
      'FORBIDDEN' | Extract<Code<BillRefusal>, Code<CancelBillRejection>>
    > = true;
    expect([defining, reserving, issuing, cancelling]).toEqual([true, true, true, true]);
  });
});
