import { describe, expect, it } from '@jest/globals';
import {
  approve,
  ask,
  attest,
  day,
  history,
  hour,
  inForce,
  refusal,
  rule,
  stateAfter,
  tick,
  withRules,
} from '#libs/testing/contract-fixture.js';
import type { ConditionTerms, RuleTerms } from '../template/types.js';
import { contractDecider, type ContractCommand } from './index.js';

const attested: ConditionTerms = { attested: { by: 'terminal', dedupe: '/no' } };
const one = (change: Partial<RuleTerms>) => withRules([rule({ id: 'pay', ...change })]);

/** What each payout pays, in the order in which they come. */
const payouts = (...commands: readonly ContractCommand[]) =>
  history(...commands).flatMap((event) =>
    event.type === 'FundsReleased' || event.type === 'FundsRefunded' ? [event.data.amount] : [],
  );

describe('time', () => {
  it('fulfils `at` and `after` when it comes to them, once, in the clock’s name', () => {
    const template = withRules([
      rule({ id: 'gift', when: { at: day(5) }, amount: { fixed: '300' } }),
      rule({ id: 'late', when: { any: [{ after: 'P7D' }, { at: day(30) }] }, amount: { fixed: '200' } }),
      rule({
        id: 'seen',
        when: { all: [attested, { after: 'P9D' }] },
        amount: { fixed: '100' },
        cooling: 'P1D',
      }),
    ]);
    const given = [...inForce({ template }), attest('1', day(1), { rule: 'seen', payload: { no: '1' } })];
    expect(history(...given)[5]).toMatchObject({
      data: {
        timers: [
          { timerId: 'at:gift', dueAt: day(5) },
          { timerId: 'at:late', dueAt: day(7) },
          { timerId: 'at:late:2', dueAt: day(30) },
          { timerId: 'at:seen', dueAt: day(9) },
        ],
        nextDueAt: day(5),
      },
    });
    const events = history(...given, tick(day(31)));
    expect(
      events.slice(7).map((event) => ('timerId' in event.data ? event.data.timerId : event.type)),
    ).toEqual([
      'at:gift',
      'EntitlementAccrued',
      'FundsReleased',
      'at:late',
      'EntitlementAccrued',
      'FundsReleased',
      'at:seen',
      'EntitlementAccrued',
      'at:late:2',
    ]);
    expect(events.at(-1)?.data).toMatchObject({
      totals: { released: 500n },
      nextDueAt: day(32),
      by: { partyId: 'clock' },
    });
    expect(history(...given, tick(day(31)), tick(day(31)))).toEqual(events);
  });

  it('runs before any command, and a command that is refused leaves it undone', () => {
    const given = inForce({ template: withRules([rule({ when: { at: day(5) } })]) });
    const before = history(...given);
    expect(refusal(...given, approve('payer', 'gift', day(6)))?.code).toBe('RULE_NOT_APPLICABLE');
    const state = stateAfter(...given);
    contractDecider.decide(approve('payer', 'gift', day(6)), state as never);
    expect(stateAfter(...given)).toStrictEqual(state);
    expect(history(...given, tick(day(6))).slice(before.length)).toHaveLength(3);
  });

  it('finds moments that had passed when the contract came into force due at once', () => {
    const template = withRules([rule({ when: { at: '2026-08-01T00:00:00.000Z' } })]);
    expect(
      history(...inForce({ template }))
        .slice(-3)
        .map(({ type }) => type),
    ).toEqual(['TimerFired', 'EntitlementAccrued', 'FundsReleased']);
  });
});

describe('linear amounts', () => {
  const line = { total: '1001', start: day(10), end: day(20) };
  const stream = (more: object = {}, change: Partial<RuleTerms> = {}) =>
    inForce({
      template: one({ when: { at: day(10) }, amount: { linear: { ...line, ...more } }, ...change }),
    });
  const draw = (at: ReturnType<typeof day>, role = 'school') =>
    ask(role, at, { kind: 'draw', ruleId: 'pay' });

  it('are drawn by their payee, to the millisecond, and never more than the whole', () => {
    const drawn = [draw(day(11)), draw(day(13)), draw(day(20))];
    expect(payouts(...stream(), ...drawn)).toEqual([100n, 200n, 701n]);
    expect(refusal(...stream(), draw(day(9)))?.code).toBe('NOTHING_TO_PAY');
    expect(refusal(...stream(), draw(day(11)), draw(day(11)))?.code).toBe('NOTHING_TO_PAY');
    expect(refusal(...stream(), draw(day(11), 'payer'))?.code).toBe('NOT_AUTHORISED');
    expect(refusal(...inForce(), ask('school', hour(1), { kind: 'draw', ruleId: 'lesson' }))?.code).toBe(
      'RULE_NOT_APPLICABLE',
    );
    expect(refusal(...inForce(), ask('school', hour(1), { kind: 'draw', ruleId: 'lunch' }))?.code).toBe(
      'RULE_NOT_FOUND',
    );
  });

  it('give nothing before the cliff and everything since the start from it on', () => {
    const given = stream({ cliff: day(15) });
    expect(refusal(...given, draw(day(14)))?.code).toBe('NOTHING_TO_PAY');
    expect(payouts(...given, draw(day(15)))).toEqual([500n]);
  });

  it('with steps, are paid by the clock at the end of each, the last one at the end', () => {
    const given = stream({ step: 'P3D' }, { cooling: 'P1D' });
    const events = history(...given, tick(day(14)), tick(day(30)), tick(day(31)));
    const told = events.slice(6).map((event) => {
      if (event.type === 'TimerFired') return event.data.timerId;
      if (event.type === 'EntitlementAccrued') return `${event.data.dedupeKey}: ${event.data.after}`;
      return event.type;
    });
    expect(told).toEqual([
      'at:pay',
      'step:pay:1',
      '1: 300',
      'payable:pay:1',
      'FundsReleased',
      'step:pay:2',
      '2: 600',
      'step:pay:3',
      '3: 900',
      'step:pay:4',
      '4: 1001',
      // Notice runs from when the clock came round.
      'payable:pay:2',
      'FundsReleased',
      'payable:pay:3',
      'FundsReleased',
      'payable:pay:4',
      'FundsReleased',
      'ContractClosed',
    ]);
    expect(refusal(...given, draw(day(12)))?.code).toBe('NOTHING_TO_PAY');
  });

  it('are brought up to date before anything takes the rest', () => {
    expect(stateAfter(...stream(), tick(day(60)))).toMatchObject({ released: 1001n, refunded: 0n });
    const revoked = withRules([
      rule({ id: 'pay', when: { at: day(10) }, amount: { linear: line } }),
      rule({
        id: 'revoke',
        do: 'refund',
        when: { approved: { k: 1, of: ['bureau'] } },
        amount: { remaining: true },
        to: 'payer',
        final: true,
      }),
    ]);
    const events = history(...inForce({ template: revoked }), approve('bureau', 'revoke', day(15)));
    expect(
      events.slice(-3).map(({ type, data }) => [type, data.totals.released, data.totals.refunded]),
    ).toEqual([
      ['EntitlementAccrued', 500n, 0n],
      ['FundsRefunded', 500n, 501n],
      ['ContractClosed', 500n, 501n],
    ]);
  });
});
