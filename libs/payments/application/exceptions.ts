import type { CaseId, CaseKind } from '#libs/cases/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { KnownPayment } from '../domain/payment/index.js';
import type { PaymentParts } from './pay-bills/parts.js';

export interface PaymentException {
  readonly kind: CaseKind;
  /** Tells several of one kind apart; the same happening has the same. */
  readonly of?: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly at: Instant;
}

/** What a person has to look at; the same happening opens one case. */
export async function openCase(
  { cases }: PaymentParts,
  payment: KnownPayment,
  { kind, of = '', facts, at }: PaymentException,
  correlationId: string,
): Promise<CaseId> {
  const { paymentId, tenant } = payment;
  const caseId = caseIdOf(payment, kind, of);
  const organisationId = organisationOf(payment);
  const about = { caseId, kind, tenant, subject: `payment-${paymentId}`, facts, openedAt: at };
  await cases.open(organisationId === undefined ? about : { ...about, organisationId }, correlationId);
  return caseId;
}

/** It has come to its end by itself. */
export async function resolveCase(
  { cases }: PaymentParts,
  payment: KnownPayment,
  { kind, text }: { readonly kind: CaseKind; readonly text: string },
  correlationId: string,
): Promise<void> {
  const caseId = caseIdOf(payment, kind, '');
  const noteId = deriveUuid(UUID_NAMESPACES.entity, 'note', caseId, text);
  await cases.note(caseId, { noteId, tenant: payment.tenant, text, resolved: true, correlationId });
}

function caseIdOf({ paymentId }: KnownPayment, kind: CaseKind, of: string): CaseId {
  return asId<'case'>(deriveUuid(UUID_NAMESPACES.entity, 'case', kind, paymentId, of));
}

function organisationOf(payment: KnownPayment) {
  if ('authorisation' in payment && payment.authorisation) return payment.authorisation.organisationId;
  return payment.organisationId ?? undefined;
}
