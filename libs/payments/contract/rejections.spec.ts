import { describe, expect, it } from '@jest/globals';
import type { ReserveBillRejection } from '#libs/billing/contract/index.js';
import type { CANCELLED_CODE, PaymentRefusal } from '../domain/payment/index.js';
import type { WalletRefusal } from '../domain/wallet/index.js';
import type { PayBillsRejectionCode } from './index.js';

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;

/** What the request itself can be refused for, and what its steps find beside the deciders. */
type ByRequest = 'FORBIDDEN' | 'TOO_MANY_BILLS' | 'DUPLICATE_BILL';
type ByMethod = 'CHEQUE_NOT_ACCEPTABLE' | 'CARD_NUMBER_REFUSED';
type ByQuote = 'QUOTE_NOT_FOUND' | 'QUOTE_EXPIRED';
type ByStep = 'AMOUNT_MISMATCH' | 'CASH_SHORT' | 'PAYMENT_INTERRUPTED';
type ByInstitution = 'CHANNEL_DECLINED' | 'PAYMENT_EXPIRED' | typeof CANCELLED_CODE;
type OfWallet = Exclude<
  WalletRefusal['code'],
  | 'PAYMENT_ENDED'
  | 'INVALID_AMOUNT'
  | 'IDEMPOTENCY_CONFLICT'
  | 'SUB_WALLET_NOT_FOUND'
  | 'TOO_MANY_SUB_WALLETS'
>;
/** Of beginning a payment; what its later steps and refunds are refused is nobody's answer here. */
type OfPayment = Extract<PaymentRefusal['code'], 'IDEMPOTENCY_CONFLICT'>;
type OfBill = Exclude<ReserveBillRejection['code'], 'PAYMENT_ENDED'>;

describe('the rejections of payBills', () => {
  it('are those of payment, bill and wallet: a difference does not compile', () => {
    const same: Same<
      PayBillsRejectionCode,
      ByRequest | ByMethod | ByQuote | ByStep | ByInstitution | OfWallet | OfPayment | OfBill
    > = true;
    expect(same).toBe(true);
  });
});
