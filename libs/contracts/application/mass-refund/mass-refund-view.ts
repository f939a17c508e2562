import { money } from '#libs/kernel/money/index.js';
import type { MassRefundStatus, MassRefundView } from '../../contract/mass-refund.js';
import type { Figures, KnownMassRefund } from '../../domain/mass-refund/index.js';

export const MASS_REFUND_STATUS = {
  requested: 'REQUESTED',
  declined: 'DECLINED',
  running: 'RUNNING',
  completed: 'COMPLETED',
} as const satisfies Record<KnownMassRefund['status'], MassRefundStatus>;

export function massRefundViewOf(refund: KnownMassRefund): MassRefundView {
  const { massRefundId, organisationId, authorityId, reason, approvalId, requestedAt, contracts } = refund;
  return {
    id: massRefundId,
    organisationId,
    authorityId,
    status: MASS_REFUND_STATUS[refund.status],
    reason,
    approvalId,
    requestedAt,
    contracts,
    processed: refund.figures.contracts,
    left: refund.figures.left,
    sums: sumsOf(refund.figures.sums),
  };
}

export function sumsOf(sums: Figures['sums']): MassRefundView['sums'] {
  return sums.map(({ asset, heldBefore, refunded, released, owed }) => ({
    heldBefore: money(asset, heldBefore),
    refunded: money(asset, refunded),
    released: money(asset, released),
    owed: money(asset, owed),
  }));
}

/** What the second person is shown and agrees to; the same whoever puts it together from the stream. */
export function payloadOf(refund: KnownMassRefund): Readonly<Record<string, string>> {
  const { massRefundId, organisationId, authorityId, contracts, reason } = refund;
  return {
    massRefundId,
    organisationId,
    ...(authorityId !== null && { authorityId }),
    contracts: String(contracts),
    reason,
  };
}
