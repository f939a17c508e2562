import { hash } from 'node:crypto';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, isUuid, type BillId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Caller } from '#libs/security/port/index.js';
import type { PayBillsInput, PayBillsRejectionCode, PaymentMethod } from '../../contract/index.js';
import type { PaymentRequest } from '../../domain/payment/index.js';

/** One append of a capture stays small, and one request short. */
const MOST_BILLS = 50;

type ReadOutcome = Outcome<PaymentRequest, Rejection<PayBillsRejectionCode>>;

/**
 * What can be told without looking at anything stored: who may pay like this, and whether the request makes sense.
 * Nothing is stored for a request that is refused here.
 *
 * @throws InvalidInputError for what the schema of the input rules out
 */
export function readRequest(caller: Caller, input: PayBillsInput, at: Instant): ReadOutcome {
  const { method, bills, expectedTotal, idempotencyKey } = input;
  const role = method.channel === 'wallet' ? 'payer' : 'clerk';
  if (!caller.roles.includes(role)) return refused('FORBIDDEN', 'The caller may not pay like this.');
  assertIdempotencyKey(idempotencyKey);
  const refusal = refusalOf(bills) ?? walletRefusal(method);
  if (refusal) return refusal;
  const { tenant, accountId } = caller;
  const paymentId = asId<'payment'>(
    deriveUuid(UUID_NAMESPACES.entity, 'payment', tenant, accountId, 'payBills', idempotencyKey),
  );
  const request: PaymentRequest = {
    paymentId,
    tenant,
    account: accountId,
    organisationId: method.channel === 'cash' ? (caller.organisation ?? null) : null,
    inputHash: inputHashOf(input),
    bills: bills.map(({ billId, amount }) => ({ billId, amount: amount ?? null })),
    total: expectedTotal,
    tender: method,
    initiatedAt: at,
  };
  return { accepted: true, value: request };
}

function refusalOf(bills: PayBillsInput['bills']): ReadOutcome | undefined {
  if (bills.length === 0) {
    throw new InvalidInputError('NO_BILLS', 'A payment names at least one bill.', ['input', 'bills']);
  }
  if (bills.length > MOST_BILLS) {
    const details = { limit: String(MOST_BILLS) };
    return refused(
      'TOO_MANY_BILLS',
      `At most ${MOST_BILLS} bills in one payment.`,
      ['input', 'bills'],
      details,
    );
  }
  const seen = new Set<BillId>();
  for (const [index, { billId, amount }] of bills.entries()) {
    const path = ['input', 'bills', String(index)];
    if (!isUuid(billId)) return refused('BILL_NOT_FOUND', 'There is no such bill.', path);
    if (seen.has(billId)) return refused('DUPLICATE_BILL', 'The bill is named twice.', path, { billId });
    seen.add(billId);
    if (amount && amount.amount <= 0n) {
      throw new InvalidInputError('INVALID_AMOUNT', 'An amount to pay is above zero.', [...path, 'amount']);
    }
  }
  return undefined;
}

function walletRefusal(method: PaymentMethod): ReadOutcome | undefined {
  if (method.channel !== 'wallet' || isUuid(method.walletId)) return undefined;
  return refused('WALLET_NOT_FOUND', 'There is no such wallet.', ['input', 'method', 'wallet']);
}

/** The same input in another order of bills is the same input. Hex of SHA-256 over a text that leaves nothing open. */
function inputHashOf({ bills, expectedTotal, method }: PayBillsInput): string {
  const parts = bills.map(({ billId, amount }) => `${billId}=${amount ? textOf(amount) : 'all'}`);
  const tender = method.channel === 'wallet' ? method.walletId : textOf(method.tendered);
  const text = [...parts.sort(), textOf(expectedTotal), method.channel, tender].join('\n');
  return hash('sha256', text, 'hex');
}

function textOf({ asset, amount }: Money): string {
  return `${asset} ${amount}`;
}

function refused(
  code: PayBillsRejectionCode,
  message: string,
  path?: readonly string[],
  details?: Readonly<Record<string, string>>,
): ReadOutcome {
  return { accepted: false, rejection: { code, message, path, details } };
}
