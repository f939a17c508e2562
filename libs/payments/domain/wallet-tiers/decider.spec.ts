import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { addDays, parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  limitsOn,
  PUBLISHED_LIMITS,
  walletTiersDecider,
  type WalletTiersCommand,
  type WalletTiersEvent,
} from './index.js';

const tenant = asId<'tenant'>('demo');
const at = parseInstant('2026-09-01T00:00:00Z');
const today = parseLocalDate('2026-09-01');
const from = parseLocalDate('2026-10-01');
const proposalId = asId<'limitProposal'>('p1');
const limits = { single: 300_000n, day: 600_000n };
const propose: WalletTiersCommand = {
  kind: 'propose',
  proposalId,
  tier: 'IV',
  limits,
  from,
  tenant,
  maker: 'ops-1',
  reason: 'pilot',
  today,
  at,
};
const proposed: WalletTiersEvent = {
  type: 'TierLimitsProposed',
  data: { proposalId, tier: 'IV', limits, from, tenant, maker: 'ops-1', reason: 'pilot', proposedAt: at },
};
const approve: WalletTiersCommand = { kind: 'approve', proposalId, checker: 'ops-2', today, at };
const set = (id: string, day = from, of: object = limits): WalletTiersEvent => ({
  type: 'TierLimitsSet',
  data: { proposalId: asId(id), tier: 'IV', limits: of, from: day, checker: 'ops-2', setAt: at },
});
const dropped = (why: 'declined' | 'late'): WalletTiersEvent => ({
  type: 'TierLimitsDropped',
  data: { proposalId, why, checker: 'ops-2', droppedAt: at },
});

describe('limits of a tier', () => {
  it('are proposed once, for a coming day', () => {
    spec(walletTiersDecider).given([]).when(propose).then([proposed]);
    spec(walletTiersDecider).given([proposed]).when(propose).then([]);
    const other: WalletTiersCommand = { ...propose, limits: { single: 1n } };
    spec(walletTiersDecider).given([proposed]).when(other).thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    for (const day of [today, addDays(today, -1)]) {
      spec(walletTiersDecider)
        .given([])
        .when({ ...propose, from: day })
        .thenRejected({ code: 'LIMITS_FOR_THE_PAST', details: { today } });
    }
    for (const wrong of [
      { single: 0n },
      { single: 2n, day: 1n },
      { day: 2n, year: 1n },
      { single: 2n, year: 1n },
    ]) {
      spec(walletTiersDecider)
        .given([])
        .when({ ...propose, limits: wrong })
        .thenRejected({ code: 'INVALID_LIMITS' });
    }
  });

  it('take effect when approved in time, and never for a day that has begun', () => {
    spec(walletTiersDecider)
      .given([proposed])
      .when(approve)
      .then([set('p1')]);
    spec(walletTiersDecider)
      .given([proposed, set('p1')])
      .when(approve)
      .then([]);
    spec(walletTiersDecider)
      .given([proposed])
      .when({ ...approve, today: from })
      .then([dropped('late')]);
    spec(walletTiersDecider)
      .given([proposed])
      .when({ ...approve, kind: 'decline' })
      .then([dropped('declined')]);
    spec(walletTiersDecider)
      .given([proposed, dropped('declined')])
      .when(approve)
      .then([]);
    spec(walletTiersDecider).given([]).when(approve).thenRejected({ code: 'PROPOSAL_NOT_FOUND' });
    spec(walletTiersDecider)
      .given([set('p1')])
      .thenImpossible();
  });

  it('of a day are what was set last from that day or before, else what is published', () => {
    const second = { ...proposed, data: { ...proposed.data, proposalId: asId('p2') } } as WalletTiersEvent;
    const third = { ...proposed, data: { ...proposed.data, proposalId: asId('p3') } } as WalletTiersEvent;
    const november = parseLocalDate('2026-11-01');
    const state = fold(walletTiersDecider, [
      proposed,
      second,
      third,
      set('p2', november, { single: 2n }),
      set('p1'),
      set('p3', from, {}),
    ]);
    expect(limitsOn(state, addDays(from, -1))).toEqual(PUBLISHED_LIMITS);
    expect(limitsOn(state, from)).toEqual({ ...PUBLISHED_LIMITS, IV: {} });
    expect(limitsOn(state, november)).toEqual({ ...PUBLISHED_LIMITS, IV: { single: 2n } });
  });
});
