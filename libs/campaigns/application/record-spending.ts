import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { voucherSpendAggregate } from '../codec/index.js';
import type { Spending } from '../domain/voucher-spend/index.js';
import { stepId } from './ids.js';
import type { CampaignMover } from './parts.js';

/** Writes down what a voucher has paid; the same again changes nothing. */
export async function recordSpending(
  store: DeciderStore,
  spending: Spending,
  { actor, correlationId }: CampaignMover,
): Promise<void> {
  const { spendId, voucherId, tenant, organisationId, spentAt } = spending;
  const commandId = stepId(spendId, voucherId, 'record');
  const context = {
    commandId,
    correlationId,
    actor,
    tenant,
    organisation: organisationId,
    at: spentAt,
    // Recorded by the request and by who follows the contracts: the second of them needs nothing.
    replayEvents: false,
  };
  await store.run(voucherSpendAggregate, spendId, { kind: 'record', spending }, context);
}
