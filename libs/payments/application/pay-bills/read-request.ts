import { hash } from 'node:crypto';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import {
  asId,
  assertIdempotencyKey,
  isUuid,
  type BillId,
  type OrganisationId,
  type PaymentId,
  type QrCodeId,
} from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Caller } from '#libs/security/port/index.js';
import type { PayBillsInput } from '../../contract/index.js';
import type { PaymentRequest, Tender } from '../../domain/payment/index.js';
import { methodRefusal } from './check-method.js';
import { refused, type ReadOutcome } from './read-outcome.js';

/** One append of a capture stays small, and one request short. */
const MOST_BILLS = 50;

/** What the desk takes: beside the methods of clients those of our own processes, which have checked the payer's consent. */
export interface DeskInput extends Omit<PayBillsInput, 'method'> {
  readonly method: Tender;
  /** The scanned merchant's code, checked: the payment takes its one use and may pay its organisation's bills alone. */
  readonly merchantCode?: { readonly codeId: QrCodeId; readonly organisationId: OrganisationId };
}

/**
 * What can be told without looking at anything stored: whether the request makes sense. Nothing is stored for a request
 * that is refused here.
 *
 * @throws InvalidInputError for what the schema of the input rules out
 */
export function readRequest(caller: Caller, input: DeskInput, at: Instant): ReadOutcome {
  const { method, bills, expectedTotal, idempotencyKey } = input;
  assertIdempotencyKey(idempotencyKey);
  const refusal = billsRefusal(bills) ?? methodRefusal(method, at);
  if (refusal) return refusal;
  const request: PaymentRequest = {
    paymentId: paymentIdFor(caller, input),
    tenant: caller.tenant,
    account: caller.accountId,
    organisationId:
      input.merchantCode?.organisationId ?? (atCounter(method) ? (caller.organisation ?? null) : null),
    inputHash: inputHashOf(caller, input),
    bills: bills.map(({ billId, amount }) => ({ billId, amount: amount ?? null })),
    total: expectedTotal,
    tender: method,
    ...(input.merchantCode && { merchantCodeId: input.merchantCode.codeId }),
    initiatedAt: at,
  };
  return { accepted: true, value: request };
}

/** The same key of the same account is the same payment; a payer's one-time code makes one payment, whoever scans it. */
export function paymentIdFor(
  { tenant, accountId }: Caller,
  { method, idempotencyKey }: Pick<DeskInput, 'method' | 'idempotencyKey'>,
): PaymentId {
  const codeId = method.channel === 'wallet' ? method.codeId : undefined;
  const scope = codeId === undefined ? [accountId, 'payBills', idempotencyKey] : ['payerCode', codeId];
  return asId<'payment'>(deriveUuid(UUID_NAMESPACES.entity, 'payment', tenant, ...scope));
}

/** A clerk takes money for the organisation of the counter alone, also when it comes from a payer's wallet. */
function atCounter(method: Tender): boolean {
  switch (method.channel) {
    case 'cash':
    case 'cheque':
    case 'pos':
    case 'offline':
      return true;
    case 'wallet':
      return method.owner !== undefined;
    case 'transfer':
    case 'operator':
    case 'advance':
    case 'suspense':
      return false;
  }
}

function billsRefusal(bills: DeskInput['bills']): ReadOutcome | undefined {
  if (bills.length === 0) {
    throw new InvalidInputError('NO_BILLS', 'A payment names at least one bill.', ['input', 'bills']);
  }
  if (bills.length > MOST_BILLS) {
    const message = `At most ${MOST_BILLS} bills in one payment.`;
    return refused('TOO_MANY_BILLS', message, ['input', 'bills'], { limit: String(MOST_BILLS) });
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

/** The same input in another order of bills is the same input. Hex of SHA-256 over a text that leaves nothing open. */
function inputHashOf({ accountId }: Caller, input: DeskInput): string {
  const { bills, expectedTotal, method, quoteId, idempotencyKey } = input;
  const parts = bills.map(({ billId, amount }) => `${billId}=${amount ? textOf(amount) : 'all'}`).sort();
  const lines = [...parts, textOf(expectedTotal), method.channel, ...tenderText(method)];
  if (quoteId !== undefined) lines.push(`quote ${quoteId}`);
  if (input.merchantCode) lines.push(`code ${input.merchantCode.codeId}`);
  // The code is the payment's name: another terminal or key with the same code is another input.
  if (method.channel === 'wallet' && method.codeId !== undefined)
    lines.push(`${accountId} ${idempotencyKey}`);
  return hash('sha256', lines.join('\n'), 'hex');
}

/** What the input hash says of the tender. */
export function tenderText(method: Tender): readonly string[] {
  switch (method.channel) {
    case 'wallet': {
      const { walletId, subWalletId, owner, codeId } = method;
      const rest = { subWalletId, owner, codeId };
      const named = Object.entries(rest).filter(([, value]) => value !== undefined);
      return [walletId, ...named.map(([name, value]) => `${name} ${value}`)];
    }
    case 'cash':
      return [textOf(method.tendered)];
    case 'cheque':
      return [method.chequeNumber, method.bank, method.chequeDate];
    case 'pos':
      return [method.terminalId, method.approvalCode];
    case 'transfer':
      return [];
    case 'operator':
      return [method.payerToken];
    case 'advance':
      return [method.advanceId];
    case 'offline':
      return [method.hardWalletId, String(method.counter)];
    case 'suspense':
      return [method.ofPayment, method.organisationId];
  }
}

function textOf({ asset, amount }: Money): string {
  return `${asset} ${amount}`;
}
