import type { CaseKind } from '#libs/cases/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { asId } from '#libs/kernel/ids/index.js';
import { formatDecimal } from '#libs/kernel/money/index.js';
import type { OutsideChannel } from '../../domain/payment/index.js';
import type { KnownRefund, RejectedRefund } from '../../domain/refund/index.js';
import type { Mover } from '../pay-bills/parts.js';
import { decideOnRefund, type RefundParts } from './parts.js';

export interface RefundException {
  readonly kind: CaseKind;
  /** Tells several of one kind apart; the same happening has the same. */
  readonly of?: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** What a person has to look at; the same happening opens one case. */
export function openRefundCase(
  { cases, runtime }: RefundParts,
  { refundId, tenant, organisationId, amount }: KnownRefund,
  { kind, of = '', facts }: RefundException,
  correlationId: string,
): Promise<void> {
  const caseId = asId<'case'>(deriveUuid(UUID_NAMESPACES.entity, 'case', refundId, kind, of));
  return cases.open(
    {
      caseId,
      kind,
      tenant,
      organisationId,
      subject: `refund-${refundId}`,
      facts: { amount: formatDecimal(amount), ...facts },
      openedAt: runtime.clock.now(),
    },
    correlationId,
  );
}

/** The bank does not deliver the money of a void receipt or of a contract: somebody has to find another way to the payer. */
export function undelivered(
  parts: RefundParts,
  refund: RejectedRefund,
  { correlationId }: Mover,
): Promise<void> {
  const facts = { code: refund.code, reason: refund.why.slice(0, 500) };
  const kind = refund.refundKind === 'contract' ? 'payoutUndeliverable' : 'refundReturnedByBank';
  return openRefundCase(parts, refund, { kind, facts }, correlationId);
}

/** The bank had refused it and paid all the same. A case goes with it: nobody else notices. */
export function payAfterAll(
  parts: RefundParts,
  refund: RejectedRefund,
  { reference, channel }: { readonly reference: string; readonly channel: OutsideChannel },
  mover: Mover,
): Promise<KnownRefund> {
  const command = { kind: 'payAfterAll', reference, channel, at: parts.runtime.clock.now() } as const;
  return decideOnRefund(parts, refund, mover, { step: 'payAfterAll', command });
}
