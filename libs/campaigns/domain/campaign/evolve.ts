import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { AwardGranted, CampaignEvent, SignUpRecorded, WinnersDrawn } from './messages.js';
import { withPerson } from './people.js';
import { signUpCount, type CampaignState, type KnownCampaign } from './state.js';

/** @throws ImpossibleHistoryError */
export function evolve(state: CampaignState, event: CampaignEvent): CampaignState {
  if (event.type === 'CampaignDrafted') {
    if (state.status !== 'absent') throw new ImpossibleHistoryError('A campaign is drafted once.');
    const { nextDueAt: _due, ...terms } = event.data;
    return {
      ...terms,
      status: 'drafted',
      sponsorship: null,
      signUps: null,
      people: undefined,
      drawn: null,
      granted: 0,
      ended: null,
    };
  }
  if (state.status === 'absent' || state.status === 'ended')
    throw new ImpossibleHistoryError(`${event.type} of a campaign that is ${state.status}.`);
  switch (event.type) {
    case 'CampaignSponsored': {
      assertStatus(state, 'drafted');
      const { walletId, sponsorKey } = event.data;
      return { ...state, status: 'sponsored', sponsorship: { walletId, sponsorKey } };
    }
    case 'CampaignOpened':
      assertStatus(state, 'sponsored');
      return { ...state, status: 'open' };
    case 'SignUpRecorded':
      assertStatus(state, 'open');
      return signedUp(state, event);
    case 'SeedRevealed': {
      assertStatus(state, 'open');
      const { seed, digest, awards } = event.data;
      return {
        ...state,
        status: awards === 0 ? 'awarded' : 'drawn',
        drawn: { seed, digest, awards, winners: [] },
      };
    }
    case 'WinnersDrawn':
      return withWinners(state, event);
    case 'AwardGranted':
      return withAward(state, event);
    case 'CampaignEnded':
      return { ...state, status: 'ended', ended: event.data.reason };
    default:
      return assertNever(event, 'campaign event');
  }
}

function signedUp(state: KnownCampaign, { data }: SignUpRecorded): KnownCampaign {
  const { signUpId, number, account, personKey } = data;
  if (number !== signUpCount(state) + 1)
    throw new ImpossibleHistoryError('Sign-ups are numbered without gaps.');
  return {
    ...state,
    signUps: { last: { signUpId, number, account, personKey }, before: state.signUps },
    people: withPerson(state.people, personKey),
  };
}

function withWinners(state: KnownCampaign, { data }: WinnersDrawn): KnownCampaign {
  const { drawn } = state;
  if (!drawn || drawn.winners.length + data.winners.length > drawn.awards)
    throw new ImpossibleHistoryError('More winners than were drawn.');
  return { ...state, drawn: { ...drawn, winners: [...drawn.winners, ...data.winners] } };
}

function withAward(state: KnownCampaign, { data }: AwardGranted): KnownCampaign {
  const { drawn, granted } = state;
  if (!drawn || data.rank !== granted + 1 || drawn.winners[granted]?.signUpId !== data.signUpId)
    throw new ImpossibleHistoryError('Awards are granted once, in order of rank.');
  return { ...state, granted: data.rank, status: data.rank === drawn.awards ? 'awarded' : 'drawn' };
}

function assertStatus(state: KnownCampaign, status: KnownCampaign['status']): void {
  if (state.status !== status)
    throw new ImpossibleHistoryError(`The campaign is ${state.status}, not ${status}.`);
}
