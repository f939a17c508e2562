import { defineEvents } from '#libs/event-log/codec/types.js';
import type { ContractId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { CampaignId } from '../domain/campaign/index.js';
import type { VoucherSpent } from '../domain/voucher-spend/index.js';

/** How spendings are stored: schemas/events/campaigns. */
export const voucherSpendEvents = defineEvents<VoucherSpent>('campaigns', {
  VoucherSpent: {
    version: 1,
    encode: ({ amount, spend, ...data }) => ({
      ...data,
      amount: amount.toString(),
      spend: spend.toString(),
    }),
    decode: (json) => ({
      spendId: json['spendId'] as string,
      tenant: json['tenant'] as TenantId,
      voucherId: json['voucherId'] as ContractId,
      campaignId: json['campaignId'] as CampaignId,
      account: json['account'] as string,
      organisationId: json['organisationId'] as OrganisationId,
      asset: json['asset'] as Asset,
      amount: BigInt(json['amount'] as string),
      spend: BigInt(json['spend'] as string),
      spentAt: json['spentAt'] as Instant,
    }),
  },
});
