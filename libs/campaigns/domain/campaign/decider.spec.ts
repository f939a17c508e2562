import { describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import {
  day,
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
  drawn,
} from '#libs/testing/campaign-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { campaignDecider } from './decider.js';
import type { CampaignEvent, CampaignTerms } from './messages.js';

describe('a campaign', () => {
  const decider = campaignDecider;

  it('is drafted once; the same input again is the same campaign', () => {
    spec(decider).given([]).when({ kind: 'draft', terms, at }).then([drafted]);
    spec(decider)
      .given([drafted])
      .when({ kind: 'draft', terms, at: day('03') })
      .then([]);
    spec(decider)
      .given([drafted])
      .when({ kind: 'draft', terms: { ...terms, inputHash: 'b'.repeat(64) }, at })
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it.each<[string, Partial<CampaignTerms>, readonly string[]]>([
    ['NAME_LENGTH', { name: ' ' }, ['name']],
    ['NAME_LENGTH', { name: 'x'.repeat(101) }, ['name']],
    ['NO_SPONSOR', { sponsor: '' }, ['sponsorAccountId']],
    ['CLOSES_IN_THE_PAST', { closesAt: at }, ['closesAt']],
    ['CLOSES_BEFORE_IT_OPENS', { opensAt: terms.closesAt }, ['closesAt']],
    ['DRAWN_BEFORE_IT_CLOSES', { drawAt: day('04') }, ['drawAt']],
    ['EXPIRES_BEFORE_THE_DRAW', { expiresAt: terms.drawAt }, ['expiresAt']],
    [
      'TOO_FAR_AHEAD',
      { drawAt: addMs(at, 400 * 86_400_000), expiresAt: addMs(at, 401 * 86_400_000) },
      ['drawAt'],
    ],
    ['TOO_FAR_AHEAD', { expiresAt: addMs(at, 400 * 86_400_000) }, ['expiresAt']],
    ['PRIZES_COUNT', { award: { kind: 'prizes', prizes: [] } }, ['awards', 'vouchers', 'prizes']],
    [
      'AMOUNT',
      { award: { kind: 'prizes', prizes: [{ amount: 0n, count: 1 }] } },
      ['awards', 'vouchers', 'prizes', '0', 'amount'],
    ],
    [
      'AWARDS_COUNT',
      { award: { kind: 'prizes', prizes: [{ amount: 1n, count: 0 }] } },
      ['awards', 'vouchers', 'prizes', '0', 'count'],
    ],
    [
      'AWARDS_COUNT',
      {
        award: {
          kind: 'prizes',
          prizes: [
            { amount: 1n, count: 2_000 },
            { amount: 2n, count: 1 },
          ],
        },
      },
      ['awards', 'vouchers', 'prizes'],
    ],
    [
      'POT_TOO_SMALL',
      { award: { kind: 'packets', pot: 4n, packets: 5, split: 'random' } },
      ['awards', 'redPackets', 'pot'],
    ],
    [
      'AWARDS_COUNT',
      { award: { kind: 'packets', pot: 4n, packets: 1.5, split: 'equal' } },
      ['awards', 'redPackets', 'packets'],
    ],
    [
      'CATEGORIES',
      { spending: { shops: [], mccs: ['82'], minSpend: 0n } },
      ['awards', 'vouchers', 'categories'],
    ],
    [
      'SHOPS',
      { spending: { shops: [asId('s'), asId('s')], mccs: [], minSpend: 0n } },
      ['awards', 'vouchers', 'shops'],
    ],
    ['AMOUNT', { spending: { shops: [], mccs: [], minSpend: -1n } }, ['awards', 'vouchers', 'minSpend']],
  ])('is refused with %s for %j', (reason, change, path) => {
    const bad = { ...terms, ...change };
    const decision = decider.decide({ kind: 'draft', terms: bad, at }, decider.initial);
    expect(decision).toMatchObject({
      accepted: false,
      rejection: { code: 'INVALID_CAMPAIGN', details: { reason }, path: ['input', ...path] },
    });
  });

  it('is sponsored by whom it names, once', () => {
    const sponsor = { kind: 'sponsor', account: 'sponsor-1', walletId, sponsorKey, at } as const;
    spec(decider).given([drafted]).when(sponsor).then([sponsored]);
    spec(decider).given([drafted, sponsored]).when(sponsor).then([]);
    spec(decider)
      .given([drafted, sponsored])
      .when({ ...sponsor, walletId: asId('wallet-2') })
      .thenRejected({ code: 'CAMPAIGN_SPONSORED' });
    spec(decider)
      .given([drafted])
      .when({ ...sponsor, account: 'somebody' })
      .thenRejected({ code: 'CAMPAIGN_NOT_FOUND' });
    spec(decider)
      .given([drafted])
      .when({ ...sponsor, at: terms.closesAt })
      .thenRejected({ code: 'CAMPAIGN_ENDED' });
  });

  it('opens when the budget is there', () => {
    spec(decider).given([drafted, sponsored]).when({ kind: 'open', at }).then([opened]);
    spec(decider).given(open).when({ kind: 'open', at }).then([]);
    spec(decider).given([drafted]).when({ kind: 'open', at }).thenRejected({ code: 'CAMPAIGN_NOT_OPEN' });
  });

  it('takes every person once, in its window', () => {
    spec(decider)
      .given(open)
      .when(signUp('a'))
      .then([signedUp('a', 1)]);
    const a = signedUp('a', 1);
    spec(decider)
      .given([...open, a])
      .when(signUp('a'))
      .thenRejected({ code: 'ALREADY_SIGNED_UP' });
    spec(decider)
      .given([...open, a])
      .when(signUp('a', day('03'), 'another-account'))
      .thenRejected({ code: 'ALREADY_SIGNED_UP' });
    spec(decider)
      .given(open)
      .when(signUp('a', day('01')))
      .thenRejected({ code: 'CAMPAIGN_NOT_OPEN' });
    spec(decider)
      .given(open)
      .when({ ...signUp('a', addMs(terms.closesAt, -1)) })
      .then([
        { ...a, data: { ...(a.data as object), signedUpAt: addMs(terms.closesAt, -1) } } as CampaignEvent,
      ]);
    spec(decider).given(open).when(signUp('a', terms.closesAt)).thenRejected({ code: 'SIGN_UP_CLOSED' });
    spec(decider).given([drafted, sponsored]).when(signUp('a')).thenRejected({ code: 'CAMPAIGN_NOT_OPEN' });
    // A clock that goes back opens no window again.
    spec(decider).given(drawn).when(signUp('d')).thenRejected({ code: 'SIGN_UP_CLOSED' });
    spec(decider).given([]).when(signUp('a')).thenRejected({ code: 'CAMPAIGN_NOT_FOUND' });
  });

  it('keeps out who pays for it and who drew it up, whatever account they use', () => {
    const code = 'NOT_ELIGIBLE';
    spec(decider).given(open).when(signUp('sponsor')).thenRejected({ code });
    spec(decider).given(open).when(signUp('maker')).thenRejected({ code });
    spec(decider)
      .given(open)
      .when(signUp('x', day('03'), 'sponsor-1'))
      .thenRejected({ code });
  });
});
