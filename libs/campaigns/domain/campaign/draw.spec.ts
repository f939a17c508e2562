import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import {
  campaignId,
  terms,
  at,
  drafted,
  walletId,
  sponsorKey,
  sponsored,
  opened,
  open,
  signUp,
  signedUp,
  winner,
  winners,
  three,
  draw,
  revealed,
  drawn,
  granted,
  awarded,
} from '#libs/testing/campaign-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { campaignDecider } from './decider.js';
import { WINNERS_PER_EVENT } from './limits.js';
import type { CampaignCommand, CampaignEvent } from './messages.js';
import type { CampaignState } from './state.js';

describe('the draw and the awards of a campaign', () => {
  const decider = campaignDecider;

  it('is drawn once, when it is due, over everybody', () => {
    const signed = [...open, ...three];
    spec(decider).given(signed).when(draw).then(drawn.slice(signed.length));
    spec(decider)
      .given(drawn)
      .when({ ...draw, seed: 'f'.repeat(64) })
      .then([]);
    spec(decider)
      .given(signed)
      .when({ ...draw, at: addMs(terms.drawAt, -1) })
      .thenRejected({ code: 'DRAW_NOT_DUE' });
    spec(decider)
      .given([...signed, signedUp('d', 4)])
      .when(draw)
      .thenRejected({ code: 'DRAW_STALE' });
  });

  it.each<[string, Partial<Extract<CampaignCommand, { kind: 'draw' }>>]>([
    ['another seed than the one committed to', { seedHash: '0'.repeat(64) }],
    ['a winner who did not sign up', { winners: [winner('x', 1, 500n), winners[1]!] }],
    ['somebody else in the place of a winner', { winners: [{ ...winners[0]!, account: 'x' }, winners[1]!] }],
    ['a winner too few', { winners: [winners[0]!] }],
    ['somebody twice', { winners: [winners[0]!, { ...winners[0]!, rank: 2 }] }],
    ['more than the budget', { winners: [{ ...winners[0]!, amount: 501n }, winners[1]!] }],
    ['nothing', { winners: [{ ...winners[0]!, amount: 0n }, winners[1]!] }],
  ])('is never drawn with %s', (_what, change) => {
    spec(decider)
      .given([...open, ...three])
      .when({ ...draw, ...change })
      .thenImpossible();
  });

  it('has nothing to give where nobody signed up', () => {
    spec(decider)
      .given(open)
      .when({ ...draw, signUps: 0, winners: [] })
      .then([revealed(0, 0)]);
    spec(decider)
      .given([...open, revealed(0, 0)])
      .when({ kind: 'end', reason: 'completed', at: terms.expiresAt })
      .then([
        {
          type: 'CampaignEnded',
          data: { campaignId, reason: 'completed', granted: 0, endedAt: terms.expiresAt },
        },
      ]);
  });

  it('grants every award once, in order of rank', () => {
    const grant = { kind: 'grant', from: 1, through: 2, at: terms.drawAt } as const;
    spec(decider).given(drawn).when(grant).then(awarded.slice(drawn.length));
    spec(decider)
      .given(drawn)
      .when({ ...grant, through: 1 })
      .then([granted(winners[0]!)]);
    spec(decider)
      .given([...drawn, granted(winners[0]!)])
      .when(grant)
      .then([granted(winners[1]!, terms.expiresAt)]);
    spec(decider).given(awarded).when(grant).then([]);
    spec(decider)
      .given(drawn)
      .when({ ...grant, from: 2 })
      .thenImpossible();
    spec(decider)
      .given(drawn)
      .when({ ...grant, through: 3 })
      .thenImpossible();
    spec(decider)
      .given([...open, ...three])
      .when(grant)
      .thenImpossible();
  });

  it('ends when everything is over, or when there is no money', () => {
    const end = (reason: 'completed' | 'notFunded' | 'budgetEnded', when = terms.expiresAt) =>
      ({ kind: 'end', reason, at: when }) as const;
    const ended = (reason: 'completed' | 'notFunded' | 'budgetEnded', count: number): CampaignEvent => ({
      type: 'CampaignEnded',
      data: { campaignId, reason, granted: count, endedAt: terms.expiresAt },
    });
    spec(decider)
      .given(awarded)
      .when(end('completed'))
      .then([ended('completed', 2)]);
    spec(decider)
      .given([...awarded, ended('completed', 2)])
      .when(end('completed'))
      .then([]);
    spec(decider)
      .given([drafted])
      .when(end('notFunded'))
      .then([ended('notFunded', 0)]);
    spec(decider)
      .given([drafted, sponsored])
      .when(end('notFunded'))
      .then([ended('notFunded', 0)]);
    spec(decider)
      .given([...drawn, granted(winners[0]!)])
      .when(end('budgetEnded'))
      .then([ended('budgetEnded', 1)]);
    spec(decider).given(awarded).when(end('completed', terms.drawAt)).thenImpossible();
    spec(decider).given(open).when(end('notFunded')).thenImpossible();
    spec(decider).given([drafted]).when(end('notFunded', at)).thenImpossible();
    spec(decider)
      .given([...awarded, ended('completed', 2)])
      .when(signUp('z'))
      .thenRejected({ code: 'CAMPAIGN_ENDED' });
    spec(decider)
      .given([...awarded, ended('completed', 2), opened])
      .thenImpossible();
  });

  it('pages its winners, and remembers all of them', () => {
    const many = { ...terms, award: { kind: 'prizes', prizes: [{ amount: 1n, count: 450 }] } } as const;
    const people = Array.from({ length: 450 }, (_, index) => `p${index}`);
    let state: CampaignState = fold(decider, [
      { type: 'CampaignDrafted', data: { ...many, nextDueAt: null } },
      sponsored,
      opened,
      ...people.map((person, index) => signedUp(person, index + 1)),
    ]);
    const all = people.map((person, index) => winner(person, index + 1, 1n));
    const decision = decider.decide({ ...draw, signUps: 450, winners: all }, state);
    if (!decision.accepted) throw new Error(decision.rejection.code);
    expect(decision.events.map(({ type }) => type)).toEqual([
      'SeedRevealed',
      'WinnersDrawn',
      'WinnersDrawn',
      'WinnersDrawn',
    ]);
    for (const event of decision.events) state = decider.evolve(state, event);
    expect(state).toMatchObject({ status: 'drawn', drawn: { winners: all } });
    expect(WINNERS_PER_EVENT).toBe(200);
  });
});

describe('before the reveal', () => {
  it('nothing in the log depends on the seed but the commitment and the sealed seed', () => {
    const history = (commitment: string, sealedSeed: string): readonly CampaignEvent[] => {
      let state: CampaignState = campaignDecider.initial;
      const events: CampaignEvent[] = [];
      const commands: readonly CampaignCommand[] = [
        { kind: 'draft', terms: { ...terms, commitment, sealedSeed }, at },
        { kind: 'sponsor', account: 'sponsor-1', walletId, sponsorKey, at },
        { kind: 'open', at },
        signUp('a'),
        signUp('b'),
      ];
      for (const command of commands) {
        const decision = campaignDecider.decide(command, state);
        if (!decision.accepted) throw new Error(decision.rejection.code);
        for (const event of decision.events) {
          state = campaignDecider.evolve(state, event);
          events.push(event);
        }
      }
      return events;
    };
    const [first, ...rest] = history('1'.repeat(64), '2'.repeat(64));
    const [other, ...others] = history('3'.repeat(64), '4'.repeat(64));
    expect(rest).toEqual(others);
    expect({ ...other!.data, commitment: 0, sealedSeed: 0 }).toEqual({
      ...first!.data,
      commitment: 0,
      sealedSeed: 0,
    });
  });
});
