import { describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { addDays, parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  BUILT_IN_REGIONS,
  regionDecider,
  setOn,
  type ParameterSet,
  type RegionCommand,
  type RegionEvent,
} from './index.js';

const tenant = asId<'tenant'>('demo');
const at = parseInstant('2026-09-01T00:00:00Z');
const today = parseLocalDate('2026-09-01');
const from = parseLocalDate('2026-10-01');
const proposalId = asId<'regionProposal'>('p1');
const CN = BUILT_IN_REGIONS.get('CN')!;
const set: ParameterSet = { ...CN, effectiveFrom: from, values: {} };

const propose: RegionCommand = {
  kind: 'propose',
  proposalId,
  set,
  setHash: 'h1',
  tenant,
  maker: 'ops-1',
  reason: 'pilot',
  today,
  at,
};
const proposed: RegionEvent = {
  type: 'RegionalParametersProposed',
  data: { proposalId, set, setHash: 'h1', tenant, maker: 'ops-1', reason: 'pilot', at },
};
const approve: RegionCommand = { kind: 'approve', proposalId, checker: 'ops-2', today, at };
const inForce: RegionEvent = {
  type: 'RegionalParametersSet',
  data: { proposalId, set, checker: 'ops-2', at },
};
const dropped = (why: 'declined' | 'late'): RegionEvent => ({
  type: 'RegionalParametersDropped',
  data: { proposalId, why, checker: 'ops-2', at },
});

describe('parameters of a region', () => {
  it('are proposed once, for a coming day', () => {
    spec(regionDecider).given([]).when(propose).then([proposed]);
    spec(regionDecider).given([proposed]).when(propose).then([]);
    const other: RegionCommand = { ...propose, setHash: 'h2' };
    spec(regionDecider).given([proposed]).when(other).thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    for (const day of [today, addDays(today, -1)]) {
      spec(regionDecider)
        .given([])
        .when({ ...propose, set: { ...set, effectiveFrom: day } })
        .thenRejected({ code: 'PARAMETERS_FOR_THE_PAST', details: { today } });
    }
  });

  it('may begin today where a region has none, and only for the first', () => {
    const begins = { ...set, region: 'CN-SH', effectiveFrom: today };
    const pilot = { ...propose, set: begins };
    const asked: RegionEvent = { ...proposed, data: { ...proposed.data, set: begins } };
    const set1: RegionEvent = { ...inForce, data: { ...inForce.data, set: begins } };
    spec(regionDecider).given([]).when(pilot).then([asked]);
    spec(regionDecider).given([asked]).when(approve).then([set1]);
    const tomorrow = { ...approve, today: addDays(today, 1) };
    spec(regionDecider)
      .given([asked])
      .when(tomorrow)
      .then([dropped('late')]);
    const other = asId<'regionProposal'>('p2');
    spec(regionDecider)
      .given([asked, set1])
      .when({ ...pilot, proposalId: other })
      .thenRejected({ code: 'PARAMETERS_FOR_THE_PAST', details: { today } });
    const second: RegionEvent = { ...asked, data: { ...asked.data, proposalId: other } };
    spec(regionDecider)
      .given([asked, second, set1])
      .when({ ...approve, proposalId: other })
      .then([
        {
          type: 'RegionalParametersDropped',
          data: { proposalId: other, why: 'late', checker: 'ops-2', at },
        },
      ]);
  });

  it('take effect when approved in time, and never for a day that has begun', () => {
    spec(regionDecider).given([proposed]).when(approve).then([inForce]);
    spec(regionDecider).given([proposed, inForce]).when(approve).then([]);
    spec(regionDecider)
      .given([proposed])
      .when({ ...approve, today: from })
      .then([dropped('late')]);
    spec(regionDecider)
      .given([proposed])
      .when({ ...approve, kind: 'decline' })
      .then([dropped('declined')]);
    spec(regionDecider)
      .given([proposed, dropped('late')])
      .when(approve)
      .then([]);
    spec(regionDecider).given([]).when(approve).thenRejected({ code: 'PROPOSAL_NOT_FOUND' });
    spec(regionDecider).given([inForce]).thenImpossible();
    spec(regionDecider).given([proposed, proposed]).thenImpossible();
  });

  it('of a day are what was set last from that day or before, else what came with the product', () => {
    const later = { ...set, effectiveFrom: parseLocalDate('2026-11-01') };
    const again = { ...set, zone: 'Asia/Urumqi' };
    const sets = [later, set, again];
    expect(setOn(sets, CN, addDays(from, -1))).toBe(CN);
    expect(setOn(sets, CN, from)).toBe(again);
    expect(setOn(sets, CN, parseLocalDate('2027-01-01'))).toBe(later);
    expect(setOn([], undefined, from)).toBeUndefined();
    expect(setOn([], CN, parseLocalDate('2025-12-31'))).toBeUndefined();
  });
});
