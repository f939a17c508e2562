import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ContractSummary } from '#libs/contracts/contract/release-contracts.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid, type ContractId, type TenantId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Merchant } from '#libs/onboarding/contract/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { campaignAggregate, voucherSpendAggregate } from '../codec/index.js';
import { SpendVoucher, type VoucherSpendView, type VoucherView } from '../contract/index.js';
import { holderOf, isSpent, voucherViewOf } from '../contract/voucher-shape.js';
import type { KnownCampaign } from '../domain/campaign/index.js';
import { isSameSpending, type Spending } from '../domain/voucher-spend/index.js';
import { campaignOfSubject, spendIdFor, stepId } from './ids.js';
import { employersOf } from './merchants.js';
import { CAMPAIGN_PARTS, type CampaignParts } from './parts.js';
import { recordSpending } from './record-spending.js';

type Code =
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'INVALID_AMOUNT'
  | 'VOUCHER_NOT_FOUND'
  | 'VOUCHER_NOT_READY'
  | 'VOUCHER_EXPIRED'
  | 'CONTRACT_FROZEN'
  | 'ORGANISATION_NOT_FOUND'
  | 'MERCHANT_NOT_ALLOWED'
  | 'OWN_MERCHANT'
  | 'BELOW_MIN_SPEND'
  | 'EXCEEDS_CAP';
type SpendOutcome = Outcome<
  { readonly spend: VoucherSpendView; readonly voucher: VoucherView },
  Rejection<Code>
>;

interface OwnVoucher {
  readonly contract: ContractSummary;
  readonly campaign: KnownCampaign;
}

/** The rule of both templates by which a holder spends. */
const SPEND_RULE = 'spend';
/** For the contract's record where a merchant has none; no list of categories can contain it. */
const NO_CATEGORY = '0000';

/** The holder pays at a merchant; the contract of the voucher decides, and pays in the same step. */
@CommandHandler(SpendVoucher)
export class SpendVoucherHandler implements ICommandHandler<SpendVoucher> {
  constructor(@Inject(CAMPAIGN_PARTS) private readonly parts: CampaignParts) {}

  async execute({ context, input }: SpendVoucher): Promise<SpendOutcome> {
    const { caller } = context;
    if (!caller.roles.includes('payer')) return refused('FORBIDDEN', 'Only a payer spends a voucher.');
    const { idempotencyKey, organisationId, amount } = input;
    const spend = input.spend ?? amount;
    assertIdempotencyKey(idempotencyKey);
    const own = await this.#own(context, input.voucherId);
    if (!own) return refused('VOUCHER_NOT_FOUND', 'There is no such voucher.');
    const asset = own.campaign.asset;
    if (
      amount.asset !== asset ||
      spend.asset !== asset ||
      amount.amount <= 0n ||
      spend.amount < amount.amount
    )
      return refused('INVALID_AMOUNT', 'A voucher pays an amount above zero, at most the whole price.');
    const { tenant, accountId } = caller;
    const spendId = spendIdFor({ tenant, accountId, idempotencyKey });
    const asked = {
      spendId,
      tenant,
      voucherId: own.contract.contractId,
      campaignId: own.campaign.campaignId,
      account: accountId,
      organisationId,
      asset,
      amount: amount.amount,
      spend: spend.amount,
    };
    const { state: known } = await this.parts.store.load(voucherSpendAggregate, spendId);
    const again = known.find((one) => isSameSpending(one, asked));
    if (again) return spent(again, own.campaign, own.contract);
    if (known.length > 0) return refused('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
    return this.#spend(context, own, { idempotencyKey, ...asked });
  }

  /** A voucher that the caller holds; somebody else's looks like none. */
  async #own({ caller }: RequestContext, voucherId: ContractId): Promise<OwnVoucher | undefined> {
    if (!isUuid(voucherId)) return undefined;
    const contract = await this.parts.contracts.find(caller.tenant, voucherId);
    const campaignId = contract && campaignOfSubject(contract.subject);
    if (!campaignId || holderOf(contract) !== caller.accountId) return undefined;
    const { state } = await this.parts.store.load(campaignAggregate, campaignId);
    return state.status === 'absent' ? undefined : { contract, campaign: state };
  }

  async #spend(
    context: RequestContext,
    { contract, campaign }: OwnVoucher,
    { idempotencyKey, ...asked }: Omit<Spending, 'spentAt'> & { readonly idempotencyKey: string },
  ): Promise<SpendOutcome> {
    const { caller, correlationId } = context;
    const { spendId, organisationId, voucherId, tenant, amount, spend } = asked;
    const merchant = await this.#merchant(tenant, organisationId);
    if (!merchant) return refused('ORGANISATION_NOT_FOUND', 'There is no such organisation.');
    if ((await employersOf(this.parts, caller)).has(organisationId))
      return refused('OWN_MERCHANT', 'Nobody spends a voucher where they work.');
    const said = [organisationId, String(amount), String(spend)];
    const conflict = await this.#keyConflict(context, idempotencyKey, [voucherId, ...said]);
    if (conflict) return { accepted: false, rejection: conflict };
    const commandId = stepId(spendId, voucherId, 'spend', ...said);
    const mover = { tenant, actor: caller.accountId, correlationId, commandId };
    const claimed = await this.parts.contracts.act(mover, 'holder', contract.contractId, {
      kind: 'claim',
      ruleId: SPEND_RULE,
      claimId: spendId,
      amount,
      spend,
      merchantId: organisationId,
      mcc: merchant.mcc ?? NO_CATEGORY,
      merchantAccount: `org:${organisationId}:payable`,
    });
    if (!claimed.accepted) return refusedBy(claimed.rejection, contract);
    const spentAt = this.parts.runtime.clock.now();
    const spending = { ...asked, spentAt };
    await recordSpending(this.parts.store, spending, { actor: caller.accountId, correlationId });
    return spent(spending, campaign, claimed.value);
  }

  /** Another voucher is another contract's stream: without this, one key used for two at the same moment would spend both. */
  #keyConflict(context: RequestContext, idempotencyKey: string, input: readonly string[]) {
    const { store, runtime } = this.parts;
    const request = { operation: 'spendVoucher', idempotencyKey, input };
    return claimKey({ store, at: runtime.clock.now() }, context, request);
  }

  #merchant(tenant: TenantId, organisationId: Merchant['organisationId']): Promise<Merchant | undefined> {
    return this.parts.merchants.find(tenant, organisationId, localDateOf(this.parts.runtime.clock.now()));
  }
}

function spent(spending: Spending, campaign: KnownCampaign, contract: ContractSummary): SpendOutcome {
  const { spendId, voucherId, organisationId, asset, amount, spend } = spending;
  const of = (minor: bigint): Money => ({ asset, amount: minor });
  return {
    accepted: true,
    value: {
      spend: { id: spendId, voucherId, organisationId, amount: of(amount), spend: of(spend) },
      voucher: voucherViewOf(contract, campaign),
    },
  };
}

/** In the words of a voucher. */
function refusedBy({ code, message, details }: Rejection, contract: ContractSummary): SpendOutcome {
  switch (code) {
    case 'MERCHANT_NOT_ALLOWED':
    case 'BELOW_MIN_SPEND':
    case 'EXCEEDS_CAP':
    case 'CONTRACT_FROZEN':
    case 'IDEMPOTENCY_CONFLICT':
      return { accepted: false, rejection: { code, message, ...(details && { details }) } };
    case 'CONTRACT_NOT_SIGNED':
    case 'CONTRACT_NOT_ACTIVE':
      return refused('VOUCHER_NOT_READY', 'The money of this voucher is still on its way.');
    case 'CONTRACT_CLOSING':
    case 'CONTRACT_CLOSED':
      // Closed because it was spent to the last, or because its time is over.
      if (isSpent(contract)) return refused('EXCEEDS_CAP', 'Nothing is left on this voucher.');
      return refused('VOUCHER_EXPIRED', 'This voucher is over.');
    default:
      throw new Error(`Spending a voucher was refused with ${code}.`);
  }
}

function refused(code: Code, message: string): SpendOutcome {
  return { accepted: false, rejection: { code, message } };
}
