import type {
  CreateCampaign,
  SignUpForCampaign,
  SpendVoucher,
  SponsorCampaign,
} from '#libs/campaigns/contract/index.js';
import type { SetMerchantCategory } from '#libs/onboarding/contract/index.js';
import { codes } from './table.js';

/** The part of the table that is about campaigns, vouchers and red packets. */
export const CAMPAIGN_REJECTIONS = {
  createCampaign: codes<CreateCampaign>({
    FORBIDDEN: true,
    IDEMPOTENCY_CONFLICT: true,
    ORGANISATION_NOT_FOUND: true,
    INVALID_CAMPAIGN: true,
  }),
  sponsorCampaign: codes<SponsorCampaign>({
    FORBIDDEN: true,
    IDEMPOTENCY_CONFLICT: true,
    CAMPAIGN_NOT_FOUND: true,
    WALLET_NOT_FOUND: true,
    AMOUNT_MISMATCH: true,
    CAMPAIGN_SPONSORED: true,
    CAMPAIGN_ENDED: true,
  }),
  signUpForCampaign: codes<SignUpForCampaign>({
    FORBIDDEN: true,
    CAMPAIGN_NOT_FOUND: true,
    CAMPAIGN_NOT_OPEN: true,
    CAMPAIGN_ENDED: true,
    CAMPAIGN_FULL: true,
    SIGN_UP_CLOSED: true,
    ALREADY_SIGNED_UP: true,
    NOT_ELIGIBLE: true,
  }),
  spendVoucher: codes<SpendVoucher>({
    FORBIDDEN: true,
    IDEMPOTENCY_CONFLICT: true,
    INVALID_AMOUNT: true,
    VOUCHER_NOT_FOUND: true,
    VOUCHER_NOT_READY: true,
    VOUCHER_EXPIRED: true,
    CONTRACT_FROZEN: true,
    ORGANISATION_NOT_FOUND: true,
    MERCHANT_NOT_ALLOWED: true,
    OWN_MERCHANT: true,
    BELOW_MIN_SPEND: true,
    EXCEEDS_CAP: true,
  }),
  setMerchantCategory: codes<SetMerchantCategory>({ FORBIDDEN: true, ORGANISATION_NOT_FOUND: true }),
} as const;
