import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { awardsOf, budgetOf } from '../lottery/index.js';
import { evolve } from './evolve.js';
import { MOST_SIGN_UPS, WINNERS_PER_EVENT } from './limits.js';
import type {
  AwardGranted,
  CampaignCommand,
  CampaignEvent,
  CampaignRefusal,
  CampaignRefusalCode,
  EndReason,
  WinnersDrawn,
} from './messages.js';
import { includesPerson } from './people.js';
import { signUpCount, signUpsInOrder, type CampaignState, type KnownCampaign } from './state.js';
import { faultOfTerms } from './terms.js';

type CampaignDecision = Decision<CampaignEvent, CampaignRefusal>;
type Of<Kind extends CampaignCommand['kind']> = Extract<CampaignCommand, { kind: Kind }>;

/** Who may take part, who has won, and how far the awards are. Money is the release contracts' affair. */
export const campaignDecider: Decider<CampaignCommand, CampaignState, CampaignEvent, CampaignRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    if (command.kind === 'draft') return draft(command, state);
    if (state.status === 'absent') return refuse('CAMPAIGN_NOT_FOUND', 'There is no such campaign.');
    switch (command.kind) {
      case 'sponsor':
        return sponsor(command, state);
      case 'open':
        return open(command, state);
      case 'signUp':
        return signUp(command, state);
      case 'draw':
        return draw(command, state);
      case 'grant':
        return grant(command, state);
      case 'end':
        return end(command, state);
      default:
        return assertNever(command, 'campaign command');
    }
  },
  evolve,
};

function draft({ terms, at }: Of<'draft'>, state: CampaignState): CampaignDecision {
  if (state.status !== 'absent') {
    if (state.inputHash === terms.inputHash) return accept();
    return refuse('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
  }
  const fault = faultOfTerms(terms, at);
  if (fault) {
    const { reason, path } = fault;
    const message = `A campaign cannot be run like this: ${reason}.`;
    return reject({ code: 'INVALID_CAMPAIGN', message, path, details: { reason } });
  }
  return accept({ type: 'CampaignDrafted', data: { ...terms, nextDueAt: terms.closesAt } });
}

function sponsor(
  { account, walletId, sponsorKey, at }: Of<'sponsor'>,
  state: KnownCampaign,
): CampaignDecision {
  if (account !== state.sponsor) return refuse('CAMPAIGN_NOT_FOUND', 'There is no such campaign.');
  if (state.sponsorship) {
    if (state.sponsorship.walletId === walletId) return accept();
    return refuse('CAMPAIGN_SPONSORED', 'The campaign has its sponsor, with another wallet.');
  }
  if (state.status !== 'drafted' || at >= state.closesAt) return ended();
  const { campaignId } = state;
  // Due at once: from now on somebody looks whether the money is there.
  return accept({
    type: 'CampaignSponsored',
    data: { campaignId, walletId, sponsorKey, sponsoredAt: at, nextDueAt: at },
  });
}

function open({ at }: Of<'open'>, state: KnownCampaign): CampaignDecision {
  if (state.status === 'drafted') return refuse('CAMPAIGN_NOT_OPEN', 'Nobody has agreed to pay yet.');
  if (state.status !== 'sponsored') return accept();
  const { campaignId, drawAt } = state;
  return accept({ type: 'CampaignOpened', data: { campaignId, openedAt: at, nextDueAt: drawAt } });
}

function signUp(command: Of<'signUp'>, state: KnownCampaign): CampaignDecision {
  const { signUpId, account, personKey, at } = command;
  if (state.status === 'ended') return ended();
  if (at >= state.closesAt || state.drawn)
    return refuse('SIGN_UP_CLOSED', 'The window for signing up has closed.');
  if (state.status !== 'open' || at < state.opensAt)
    return refuse('CAMPAIGN_NOT_OPEN', 'Nobody can sign up yet.');
  const organising = [state.sponsorship?.sponsorKey, state.makerKey].includes(personKey);
  if (organising || account === state.sponsor)
    return refuse('NOT_ELIGIBLE', 'Whoever pays for a campaign or runs it cannot take part.');
  if (includesPerson(state.people, personKey))
    return refuse('ALREADY_SIGNED_UP', 'This person has signed up before.');
  const number = signUpCount(state) + 1;
  if (number > MOST_SIGN_UPS) return refuse('CAMPAIGN_FULL', `There are ${MOST_SIGN_UPS} sign-ups.`);
  const { campaignId } = state;
  return accept({
    type: 'SignUpRecorded',
    data: { campaignId, signUpId, number, account, personKey, signedUpAt: at },
  });
}

function draw(command: Of<'draw'>, state: KnownCampaign): CampaignDecision {
  const { seed, signUps, digest, winners, at } = command;
  if (state.drawn) return accept();
  if (state.status !== 'open' || at < state.drawAt) return refuse('DRAW_NOT_DUE', 'The draw is not due yet.');
  if (signUps !== signUpCount(state)) return refuse('DRAW_STALE', 'Somebody has signed up meanwhile.');
  assertDraw(command, state);
  const { campaignId, expiresAt } = state;
  const awards = winners.length;
  const pages: WinnersDrawn[] = [];
  for (let from = 0; from < awards; from += WINNERS_PER_EVENT) {
    const page = winners.slice(from, from + WINNERS_PER_EVENT);
    pages.push({ type: 'WinnersDrawn', data: { campaignId, winners: page } });
  }
  const nextDueAt = awards === 0 ? expiresAt : at;
  return accept<CampaignEvent>(
    {
      type: 'SeedRevealed',
      data: { campaignId, seed, signUps, digest, awards, revealedAt: at, nextDueAt },
    },
    ...pages,
  );
}

/** A draw is computed, never typed in: one that does not fit is a bug. @throws ImpossibleHistoryError */
function assertDraw({ seedHash, winners }: Of<'draw'>, state: KnownCampaign): void {
  if (seedHash !== state.commitment) throw new ImpossibleHistoryError('Not the seed that was committed to.');
  const taking = new Map(signUpsInOrder(state).map(({ signUpId, account }) => [signUpId, account]));
  const due = Math.min(taking.size, awardsOf(state.award));
  const total = winners.reduce((sum, { amount }) => sum + amount, 0n);
  const fits =
    winners.length === due &&
    total <= budgetOf(state.award) &&
    winners.every(({ rank, signUpId, account, amount }, index) => {
      const known = taking.get(signUpId) === account;
      taking.delete(signUpId);
      return known && rank === index + 1 && amount > 0n;
    });
  if (!fits) throw new ImpossibleHistoryError('Winners who are not of this campaign.');
}

function grant({ from, through, at }: Of<'grant'>, state: KnownCampaign): CampaignDecision {
  if (state.status === 'ended') return ended();
  const { drawn, granted, campaignId, expiresAt } = state;
  if (!drawn || through > drawn.awards || from > granted + 1)
    throw new ImpossibleHistoryError('Awards are granted after the draw, in order of rank.');
  const events = drawn.winners.slice(granted, through).map((winner): AwardGranted => ({
    type: 'AwardGranted',
    data: {
      campaignId,
      ...winner,
      grantedAt: at,
      nextDueAt: winner.rank === drawn.awards ? expiresAt : at,
    },
  }));
  return accept(...events);
}

function end({ reason, at }: Of<'end'>, state: KnownCampaign): CampaignDecision {
  if (state.status === 'ended') return accept();
  if (!mayEnd(reason, state, at))
    throw new ImpossibleHistoryError(`A campaign does not end like this: ${reason}.`);
  const { campaignId, granted } = state;
  return accept({ type: 'CampaignEnded', data: { campaignId, reason, granted, endedAt: at } });
}

function mayEnd(reason: EndReason, state: KnownCampaign, at: string): boolean {
  switch (reason) {
    case 'completed':
      return state.status === 'awarded' && at >= state.expiresAt;
    case 'notFunded':
      return state.status === 'sponsored' || (state.status === 'drafted' && at >= state.closesAt);
    case 'budgetEnded':
      return state.status === 'open' || state.status === 'drawn';
    default:
      return assertNever(reason, 'reason');
  }
}

function ended(): CampaignDecision {
  return refuse('CAMPAIGN_ENDED', 'The campaign is over.');
}

function refuse(code: CampaignRefusalCode, message: string): CampaignDecision {
  return reject({ code, message });
}
