import { describe, expect, it } from '@jest/globals';
import type { ReserveBillRejection } from '#libs/billing/contract/index.js';
import type { PaymentRefusal } from '../domain/payment/index.js';
import type { WalletRefusal } from '../domain/wallet/index.js';
import type { PayBillsRejectionCode } from './index.js';

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;

/** What the request itself can be refused for, and what its steps find beside the deciders. */
type ByRequest = 'FORBIDDEN' | 'TOO_MANY_BILLS' | 'DUPLICATE_BILL';
type ByStep = 'AMOUNT_MISMATCH' | 'CASH_SHORT' | 'PAYMENT_INTERRUPTED';
type OfWallet = Exclude<
  WalletRefusal['code'],
  'PAYMENT_ENDED' | 'INVALID_AMOUNT' | 'LIMIT_EXCEEDED' | 'IDEMPOTENCY_CONFLICT'
>;
type OfPayment = Exclude<PaymentRefusal['code'], 'PAYMENT_ENDED' | 'PAYMENT_NOT_FOUND'>;
type OfBill = Exclude<ReserveBillRejection['code'], 'PAYMENT_ENDED'>;

describe('the rejections of payBills', () => {
  it('are those of payment, bill and wallet: a difference does not compile', () => {
    const same: Same<PayBillsRejectionCode, ByRequest | ByStep | OfWallet | OfPayment | OfBill> = true;
    expect(same).toBe(true);
  });
});
