import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import { campaignEvents, voucherSpendEvents } from '../codec/index.js';
import { textOfTerms } from './stored-terms.js';
import { campaignTable, signUpTable, spendTable } from './tables.js';

/** Campaigns, who takes part, and what was spent of it. */
export const campaignsProjection: Projection = defineProjection({
  name: 'campaigns',
  version: 1,
  tables: [campaignTable, signUpTable, spendTable],
  parts: [
    on(campaignEvents, {
      CampaignDrafted: (data, view) =>
        view.put('campaign', {
          id: data.campaignId,
          tenant: data.tenant,
          organisation_id: data.organiser,
          sponsor: data.sponsor,
          status: 'drafted',
          terms: textOfTerms(data),
          opens_at: data.opensAt,
          closes_at: data.closesAt,
          draw_at: data.drawAt,
          expires_at: data.expiresAt,
          budget_contract_id: data.budgetContractId,
          commitment: data.commitment,
          seed: null,
          digest: null,
          drawn_at: null,
          winners: 0,
          sign_ups: 0,
          granted: 0,
          end_reason: null,
          drafted_at: data.draftedAt,
          next_due_at: data.nextDueAt,
        }),
      CampaignSponsored: ({ campaignId, nextDueAt }, view) =>
        view.patch('campaign', { id: campaignId }, { status: 'sponsored', next_due_at: nextDueAt }),
      CampaignOpened: ({ campaignId, nextDueAt }, view) =>
        view.patch('campaign', { id: campaignId }, { status: 'open', next_due_at: nextDueAt }),
      SignUpRecorded: ({ campaignId, signUpId, number, account, signedUpAt }, view) => {
        view.put('campaign_sign_up', {
          campaign_id: campaignId,
          number,
          id: signUpId,
          account,
          signed_up_at: signedUpAt,
          rank: null,
          amount_minor: null,
          voucher_id: null,
          granted_at: null,
        });
        view.patch('campaign', { id: campaignId }, { sign_ups: number });
      },
      SeedRevealed: ({ campaignId, seed, digest, awards, revealedAt, nextDueAt }, view) =>
        view.patch(
          'campaign',
          { id: campaignId },
          {
            status: awards === 0 ? 'awarded' : 'drawn',
            seed,
            digest,
            drawn_at: revealedAt,
            winners: awards,
            next_due_at: nextDueAt,
          },
        ),
      WinnersDrawn: ({ campaignId, winners }, view) => {
        for (const { signUpId, rank, amount } of winners) {
          const where = { campaign_id: campaignId, id: signUpId };
          view.patch('campaign_sign_up', where, { rank, amount_minor: amount });
        }
      },
      AwardGranted: ({ campaignId, signUpId, rank, contractId, grantedAt, nextDueAt }, view) => {
        const where = { campaign_id: campaignId, id: signUpId };
        view.patch('campaign_sign_up', where, { voucher_id: contractId, granted_at: grantedAt });
        view.patch('campaign', { id: campaignId }, { granted: rank, next_due_at: nextDueAt });
        // All winners have theirs.
        view.patch('campaign', { id: campaignId, winners: rank }, { status: 'awarded' });
      },
      CampaignEnded: ({ campaignId, reason }, view) =>
        view.patch(
          'campaign',
          { id: campaignId },
          { status: 'ended', end_reason: reason, next_due_at: null },
        ),
    }),
    on(voucherSpendEvents, {
      VoucherSpent: (data, view) =>
        view.put('campaign_spend', {
          id: data.spendId,
          voucher_id: data.voucherId,
          tenant: data.tenant,
          campaign_id: data.campaignId,
          organisation_id: data.organisationId,
          asset: data.asset,
          amount_minor: data.amount,
          spend_minor: data.spend,
          spent_at: data.spentAt,
        }),
    }),
  ],
});
