/** Why an act on a campaign or a voucher was refused; and what to do. */
export const campaignsEnUS = {
  INVALID_CAMPAIGN: 'The campaign cannot be run like this. Please correct it as shown and try again.',
  CAMPAIGN_NOT_FOUND: 'There is no such campaign.',
  CAMPAIGN_SPONSORED:
    'You have agreed to this campaign; the wallet for what comes back cannot be changed any more.',
  CAMPAIGN_ENDED: 'The campaign is over.',
  CAMPAIGN_NOT_OPEN: 'Nobody can sign up yet. Please look at the times of the campaign.',
  CAMPAIGN_FULL: 'No more people can sign up.',
  SIGN_UP_CLOSED:
    'The time for signing up is over. Please wait for the draw or take part in another campaign.',
  ALREADY_SIGNED_UP: 'You have signed up before; everybody can do so once.',
  NOT_ELIGIBLE: 'The sponsor, and staff of the organiser and of its merchants, cannot take part.',
  VOUCHER_NOT_FOUND: 'There is no such voucher or red packet.',
  VOUCHER_NOT_READY: 'The money of this voucher is still on its way. Please try again shortly.',
  VOUCHER_EXPIRED: 'The voucher has expired; what was left went back to the sponsor.',
  OWN_MERCHANT: 'You cannot spend a voucher where you work.',
} as const;
