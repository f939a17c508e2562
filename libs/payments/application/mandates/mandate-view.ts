import type { MandateView } from '../../contract/mandates.js';
import type { KnownMandate } from '../../domain/mandate/index.js';

/** The mandate as it is now, from the write side, without its past runs. */
export function mandateViewOf(mandate: KnownMandate): MandateView {
  const ended = mandate.status === 'active' && mandate.nextRun === null;
  return {
    id: mandate.mandateId,
    status: mandate.status === 'revoked' ? 'REVOKED' : ended ? 'ENDED' : 'ACTIVE',
    organisationId: mandate.organisationId,
    payerNumber: mandate.payerNumber,
    walletId: mandate.walletId,
    subWalletId: mandate.subWalletId,
    dayOfMonth: mandate.dayOfMonth,
    from: mandate.from,
    ...(mandate.until !== null && { until: mandate.until }),
    ...(mandate.nextRun !== null && { nextRunOn: mandate.nextRun.due }),
    givenAt: mandate.givenAt,
    runs: [],
  };
}
