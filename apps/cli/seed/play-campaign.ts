import {
  CampaignById,
  type CampaignView,
  CreateCampaign,
  MyVouchers,
  SignUpForCampaign,
  SpendVoucher,
  SponsorCampaign,
  type VoucherView,
} from '#libs/campaigns/contract/index.js';
import { SetMerchantCategory } from '#libs/onboarding/contract/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { type ContractStage, fundFromWallet, made, yuan } from './contract-play.js';
import { bursarOf, contextOf, demoCaller, payerOf } from './demo-callers.js';
import { DEMO_CAMPAIGN } from './demo-contracts.js';
import type { DemoStudent } from './demo-students.js';
import { eventually } from './eventually.js';
import { fromWallet } from './pay.js';
import type { Act } from './play-occasions.js';
import { accepted, SeedRefused } from './seed-target.js';

/** A campaign from its draft to a voucher that is partly spent. @param students of the merchant: their families sign up */
export function campaignOf(stage: ContractStage, students: readonly DemoStudent[]): readonly Act[] {
  const campaign = new Campaign(stage, students);
  const { draftedAt, sponsoredAt, paidAt, signUpsAt, spentAt } = stage.plan.campaign;
  return [
    { at: draftedAt, play: () => campaign.draft() },
    { at: sponsoredAt, play: () => campaign.sponsor() },
    { at: paidAt, play: () => campaign.pay() },
    { at: signUpsAt, play: () => campaign.signUp() },
    // The draw is the platform's own act, as soon as its time has come.
    { at: spentAt, play: () => campaign.spend() },
  ];
}

const BUDGET_FEN = DEMO_CAMPAIGN.voucherFen * BigInt(DEMO_CAMPAIGN.vouchers);

class Campaign {
  #campaign: CampaignView | undefined;
  readonly #sponsor = demoCaller(DEMO_CAMPAIGN.sponsor);
  readonly #winner = contextOf(demoCaller(DEMO_CAMPAIGN.winner));

  constructor(
    private readonly stage: ContractStage,
    private readonly students: readonly DemoStudent[],
  ) {}

  async draft(): Promise<void> {
    const { target, plan } = this.stage;
    const { name, organiser, merchant, category, voucherFen, vouchers, minSpendFen } = DEMO_CAMPAIGN;
    const shop = { idempotencyKey: 'demo-category', organisationId: merchant.id, mcc: category };
    accepted(await target.execute(new SetMerchantCategory(contextOf(demoCaller('bd')), shop)), 'category');
    const { draftedAt: opensAt, closesAt, expiresAt } = plan.campaign;
    const input = {
      idempotencyKey: 'demo-campaign',
      organisationId: organiser.id,
      name,
      sponsorAccountId: this.#sponsor.accountId,
      awards: {
        kind: 'vouchers' as const,
        prizes: [{ amount: yuan(voucherFen), count: vouchers }],
        shops: [merchant.id],
        categories: [category],
        minSpend: yuan(minSpendFen),
      },
      opensAt,
      closesAt,
      expiresAt,
    };
    const outcome = await target.execute(new CreateCampaign(contextOf(bursarOf(organiser)), input));
    this.#campaign = accepted(outcome, 'campaign');
  }

  async sponsor(): Promise<void> {
    const { walletId } = fromWallet(this.stage.purses, this.#sponsor);
    const input = {
      idempotencyKey: 'demo-sponsor',
      campaignId: this.#known().id,
      walletId,
      expectedBudget: yuan(BUDGET_FEN),
    };
    const outcome = await this.stage.target.execute(new SponsorCampaign(contextOf(this.#sponsor), input));
    this.#campaign = accepted(outcome, 'sponsor');
  }

  async pay(): Promise<void> {
    const budget = made(this.#known().budgetContractId, 'budget');
    const { sponsor: payer } = DEMO_CAMPAIGN;
    await fundFromWallet(this.stage, budget, { key: 'campaign', payer, fen: BUDGET_FEN });
  }

  /** One after the other, so that the numbers are the same in every run. */
  async signUp(): Promise<void> {
    const families = this.students
      .slice(0, DEMO_CAMPAIGN.families)
      .map((student) => payerOf(DEMO_CAMPAIGN.merchant, student));
    for (const caller of [demoCaller(DEMO_CAMPAIGN.winner), ...families]) await this.#signUp(caller);
  }

  async #signUp(caller: Caller): Promise<void> {
    const input = { idempotencyKey: 'demo-sign-up', campaignId: this.#known().id };
    const outcome = await this.stage.target.execute(new SignUpForCampaign(contextOf(caller), input));
    accepted(outcome, `sign-up of ${caller.accountId}`);
  }

  async spend(): Promise<void> {
    const { target } = this.stage;
    const voucher = await eventually(target, 'voucher', () => this.#voucher());
    const { merchant, spentFen, priceFen } = DEMO_CAMPAIGN;
    const input = {
      idempotencyKey: 'demo-voucher',
      voucherId: voucher.id,
      organisationId: merchant.id,
      amount: yuan(spentFen),
      spend: yuan(priceFen),
    };
    accepted(await target.execute(new SpendVoucher(this.#winner, input)), 'use of the voucher');
  }

  async #voucher(): Promise<VoucherView | undefined> {
    const { target } = this.stage;
    const { id } = this.#known();
    const { items } = await target.query(new MyVouchers(this.#winner, { first: 10 }));
    const voucher = items.find(({ item }) => item.campaignId === id && item.status !== 'PENDING');
    if (voucher) return voucher.item;
    const campaign = await target.query(new CampaignById(this.#winner, id));
    if (campaign?.status === 'ended') throw new SeedRefused('The campaign ended without a voucher.');
    return undefined;
  }

  #known(): CampaignView {
    return made(this.#campaign, 'campaign');
  }
}
