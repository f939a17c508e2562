import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { asId, type ContractId, type TenantId } from '#libs/kernel/ids/index.js';
import type { CampaignId, SignUpId } from '../domain/campaign/index.js';

const { command, entity } = UUID_NAMESPACES;

interface Keyed {
  readonly tenant: TenantId;
  readonly accountId: string;
  readonly idempotencyKey: string;
}

export function campaignIdFor({ tenant, accountId, idempotencyKey }: Keyed): CampaignId {
  return asId(deriveUuid(entity, 'campaign', tenant, accountId, idempotencyKey));
}

/** The contract that holds the budget has the campaign's own id: its events lead to the campaign without a register. */
export function budgetContractOf(campaignId: CampaignId): ContractId {
  return asId(campaignId);
}

export function campaignOfBudget(contractId: ContractId): CampaignId {
  return asId(contractId);
}

export function voucherIdOf(campaignId: CampaignId, rank: number): ContractId {
  return asId(deriveUuid(entity, 'voucher', campaignId, String(rank)));
}

/** From the person's key, so that it is theirs whatever account they use, and nobody can choose it. */
export function signUpIdOf(campaignId: CampaignId, personKey: string): SignUpId {
  return asId(deriveUuid(entity, 'signUp', campaignId, personKey));
}

export function spendIdFor({ tenant, accountId, idempotencyKey }: Keyed): string {
  return deriveUuid(entity, 'voucherSpend', tenant, accountId, idempotencyKey);
}

/** Ids of the commands of a campaign's process: the same step again is the same command. */
export function stepId(...step: readonly string[]): string {
  return deriveUuid(command, 'campaign', ...step);
}

/** What contracts of a campaign are for. */
export function subjectOf(campaignId: CampaignId): string {
  return `campaign-${campaignId}`;
}

export function campaignOfSubject(subject: string): CampaignId | undefined {
  return subject.startsWith('campaign-') ? asId(subject.slice('campaign-'.length)) : undefined;
}
