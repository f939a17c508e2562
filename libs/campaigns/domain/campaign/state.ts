import type { WalletId } from '#libs/kernel/ids/index.js';
import type { CampaignTerms, EndReason, SignUp, Winner } from './messages.js';
import type { People } from './people.js';

/** Sign-ups from the last to the first, shared between states. */
export interface SignUps {
  readonly last: SignUp;
  readonly before: SignUps | null;
}

export interface Drawn {
  readonly seed: string;
  readonly digest: string;
  /** How many awards went to somebody. */
  readonly awards: number;
  readonly winners: readonly Winner[];
}

/**
 * `drafted → sponsored → open → drawn → awarded → ended`; `awarded`: every award is out. It ends from `drafted` and `sponsored`
 * when nobody pays, and from `drawn` when the budget is gone.
 */
export type CampaignStatus = 'drafted' | 'sponsored' | 'open' | 'drawn' | 'awarded' | 'ended';

export type KnownCampaign = CampaignTerms & {
  readonly status: CampaignStatus;
  readonly sponsorship: { readonly walletId: WalletId; readonly sponsorKey: string } | null;
  readonly signUps: SignUps | null;
  readonly people: People;
  readonly drawn: Drawn | null;
  /** Ranks 1 to this have their award. */
  readonly granted: number;
  readonly ended: EndReason | null;
};

export type CampaignState = { readonly status: 'absent' } | KnownCampaign;

export function signUpCount({ signUps }: KnownCampaign): number {
  return signUps?.last.number ?? 0;
}

/** In order of signing up. */
export function signUpsInOrder({ signUps }: KnownCampaign): readonly SignUp[] {
  const found: SignUp[] = [];
  for (let place = signUps; place; place = place.before) found.push(place.last);
  return found.reverse();
}
