import type { ActingParty } from './contract-acts.js';
import { refused } from './refusals.js';

const CAMPAIGN = 'campaign-';
/** Whoever has won it, for whom the money is there. */
const HOLDER = 'holder';

/**
 * What sponsor and organiser have agreed to with a campaign they have agreed to for good: winners are drawn over that money. Were it
 * theirs to freeze, to call off or to amend by hand, a sponsor who sees who has won could keep the awards back. The campaign itself
 * goes past this.
 */
export function notByHand({ contract: { subject }, role }: ActingParty) {
  if (!subject.startsWith(CAMPAIGN) || role === HOLDER) return undefined;
  return refused('NOT_AUTHORISED', `Only ${subject} itself does this to its contracts.`);
}
