import type { ContractStatus, ContractSummary } from '#libs/contracts/contract/release-contracts.js';
import type { CampaignTerms } from '../domain/campaign/index.js';
import { spendingViewOf } from './shapes.js';
import type { VoucherStatus, VoucherView } from './vouchers.js';

/** Account of whoever holds a voucher; `undefined` for a contract that is none. */
export function holderOf({ parties }: ContractSummary): string | undefined {
  return parties.find(({ role }) => role === 'holder')?.partyId;
}

/** What of a campaign a voucher shows. */
export type VoucherTerms = Pick<CampaignTerms, 'campaignId' | 'name' | 'kind' | 'asset' | 'spending'>;

/** A voucher as its contract says now. */
export function voucherViewOf(contract: ContractSummary, campaign: VoucherTerms): VoucherView {
  const { campaignId, name, kind, asset, spending } = campaign;
  return {
    id: contract.contractId,
    campaignId,
    campaignName: name,
    kind,
    status: statusOf(contract),
    faceValue: faceValueOf(contract),
    balance: contract.held,
    spent: contract.released,
    spending: spendingViewOf(spending, asset),
    expiresAt: contract.endsAt,
  };
}

function faceValueOf({ funded, fundable }: ContractSummary) {
  return funded.amount > 0n ? funded : fundable.max;
}

/** Nothing is left because the holder has spent it all. */
export function isSpent({ funded, released }: ContractSummary): boolean {
  return funded.amount > 0n && released.amount === funded.amount;
}

function statusOf(contract: ContractSummary): VoucherStatus {
  const { status } = contract;
  if (isPending(status)) return 'PENDING';
  if (status === 'frozen') return 'FROZEN';
  if (isSpent(contract)) return 'SPENT';
  return status === 'active' ? 'ACTIVE' : 'EXPIRED';
}

function isPending(status: ContractStatus): boolean {
  return status === 'drafted' || status === 'awaitingFunding';
}
