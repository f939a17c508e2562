import { hash } from 'node:crypto';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { InvalidInputError, type Outcome } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, type OrganisationId, type RefundId } from '#libs/kernel/ids/index.js';
import { add, formatDecimal, subtract, sum, type Money } from '#libs/kernel/money/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import { hasRole, type Caller, type RequestContext } from '#libs/security/port/index.js';
import { refundAggregate } from '../../codec/index.js';
import { refundableOf, type CapturedPayment } from '../../domain/payment/index.js';
import type { KnownRefund, RefundKind, RefundLine, RefundRequest } from '../../domain/refund/index.js';
import { commandIdOf } from './parts.js';
import { needsSecondPerson } from './refund-policy.js';
import type { RefundProcess } from './refund-process.js';

export const LONGEST_REASON = 500;

/** What is asked of which payment, before its lines are known. */
export interface Asked {
  readonly context: RequestContext;
  readonly organisationId: OrganisationId;
  readonly operation: 'requestRefund' | 'cancelReceipt' | 'dishonourCheque';
  readonly idempotencyKey: string;
  readonly refundKind: RefundKind;
  readonly payment: CapturedPayment;
  readonly lines: readonly RefundLine[];
  /** Of the input, word for word: the same key with another is a conflict. */
  readonly input: readonly string[];
  readonly reason: string;
}

/** Who may ask for refunds, for their own organisation. */
export function organisationOf(caller: Caller): OrganisationId | undefined {
  return hasRole(caller, ['bursar', 'clerk', 'supervisor']) ? caller.organisation : undefined;
}

/** @throws InvalidInputError `INVALID_REASON` */
export function assertReason(reason: string): void {
  if (reason.trim() !== '' && reason.length <= LONGEST_REASON) return;
  throw new InvalidInputError('INVALID_REASON', `A reason has 1 to ${LONGEST_REASON} characters.`, [
    'input',
    'reason',
  ]);
}

export function refundIdOf(
  { tenant, accountId }: Caller,
  operation: Asked['operation'],
  idempotencyKey: string,
): RefundId {
  assertIdempotencyKey(idempotencyKey);
  return asId<'refund'>(
    deriveUuid(UUID_NAMESPACES.entity, 'refund', tenant, accountId, operation, idempotencyKey),
  );
}

/** Stores the request – from here on it will be brought to its end – and takes it as far as it goes now. */
export async function askForRefund(
  process: RefundProcess,
  asked: Asked,
): Promise<Outcome<KnownRefund, { readonly code: 'IDEMPOTENCY_CONFLICT'; readonly message: string }>> {
  const { context, payment, organisationId, refundKind, lines } = asked;
  const { caller, correlationId } = context;
  const refundId = refundIdOf(caller, asked.operation, asked.idempotencyKey);
  const at = process.parts.runtime.clock.now();
  const amount = sum(
    payment.total.asset,
    lines.map((line) => line.amount),
  );
  const request: RefundRequest = {
    refundId,
    tenant: caller.tenant,
    organisationId,
    paymentId: payment.paymentId,
    refundKind,
    lines,
    amount,
    reason: asked.reason,
    maker: { accountId: caller.accountId, personId: caller.personId },
    inputHash: hash('sha256', asked.input.map((part) => `${part.length}:${part}`).join('\n'), 'hex'),
    approvalNeeded: needsSecondPerson(refundKind, add(amount, goneBackOf(payment)), localDateOf(at)),
    requestedAt: at,
  };
  const result = await process.parts.store.run(
    refundAggregate,
    refundId,
    { kind: 'request', ...request },
    {
      // The input is part of the id: another input under the same key is another command, and gets refused.
      commandId: commandIdOf(refundId, 'request', request.inputHash),
      correlationId,
      actor: caller.accountId,
      tenant: caller.tenant,
      organisation: organisationId,
      at,
    },
  );
  if (!result.accepted) {
    const { message } = result.rejection;
    return { accepted: false, rejection: { code: 'IDEMPOTENCY_CONFLICT', message } };
  }
  const refund = await process.finish(refundId, { actor: caller.accountId, correlationId });
  if (!refund) throw new Error('A requested refund is not in the log.');
  return { accepted: true, value: refund };
}

/** What refunds of the payment hold or have given back: many small ones are one large one in the eyes of the policy. */
function goneBackOf(payment: CapturedPayment): Money {
  const paid = sum(
    payment.total.asset,
    payment.paidBills.map(({ amount }) => amount),
  );
  return subtract(paid, refundableOf(payment));
}

export function inputOfLines(lines: readonly RefundLine[] | undefined): string {
  if (!lines) return 'all';
  return lines
    .map(({ billId, amount }) => `${billId}=${amount.asset} ${formatDecimal(amount)}`)
    .sort()
    .join(' ');
}
