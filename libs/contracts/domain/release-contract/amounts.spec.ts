import { describe, expect, it } from '@jest/globals';
import {
  attest,
  COURSE,
  day,
  history,
  hour,
  inForce,
  PARTIES,
  refusal,
  rule,
  stateAfter,
  tick,
  withRules,
} from '#libs/testing/contract-fixture.js';
import type { AmountTerms, ConditionTerms, RuleTerms } from '../template/types.js';
import { type ContractCommand, type ContractEvent } from './index.js';

const attested: ConditionTerms = { attested: { by: 'terminal', dedupe: '/no' } };
const one = (change: Partial<RuleTerms>) => withRules([rule({ id: 'pay', ...change })]);
const ofAmount = (amount: AmountTerms, more: Partial<RuleTerms> = {}) =>
  inForce({ template: one({ when: attested, amount, ...more }) });
const evidence = (no: string, figures: Readonly<Record<string, unknown>> = {}, at = hour(1)) =>
  attest(no, at, { rule: 'pay', payload: { no, ...figures } });

/** What each payout pays, in the order in which they come. */
const payouts = (...commands: readonly ContractCommand[]) =>
  history(...commands).flatMap((event) =>
    event.type === 'FundsReleased' || event.type === 'FundsRefunded' ? [event.data.amount] : [],
  );
const last = (...commands: readonly ContractCommand[]): ContractEvent => history(...commands).at(-1)!;

describe('amounts by evidence', () => {
  it('fixed: once', () => {
    const given = [...ofAmount({ fixed: '300' }), evidence('1')];
    expect(payouts(...given)).toEqual([300n]);
    expect(refusal(...given, evidence('2'))?.code).toBe('EXCEEDS_UNITS');
  });

  it('tranches: in order, whatever they are called', () => {
    const template = withRules([rule({ id: 'pay', when: attested, amount: { tranches: '$plan' } })], {
      params: { ...COURSE.params, plan: { type: 'amounts', title: { 'zh-CN': '计划', 'en-US': 'Plan' } } },
    });
    const given = [
      ...inForce({ template, params: { plan: ['100', '1', '600'] } }),
      evidence('roof'),
      evidence('paint'),
      evidence('floor'),
    ];
    expect(payouts(...given)).toEqual([100n, 1n, 600n]);
    expect(refusal(...given, evidence('door'))?.code).toBe('EXCEEDS_UNITS');
  });

  it('metered: by the highest reading, without drift, never back', () => {
    const given = ofAmount({ metered: { reading: '/kwh', tariff: '53/2' } });
    const read = (no: string, kwh: unknown) => evidence(no, { kwh });
    expect(payouts(...given, read('1', '1'), read('2', '1.5'), read('3', '2'), read('4', '2'))).toEqual([
      26n,
      13n,
      14n,
    ]);
    expect(refusal(...given, read('1', '2'), read('2', '1.999'))?.code).toBe('EVIDENCE_OUT_OF_ORDER');
    for (const kwh of [1, undefined, '-1', '1e3', '', '1.', '0x1', ' 1']) {
      expect([kwh, refusal(...given, read('1', kwh))?.code]).toEqual([kwh, 'EVIDENCE_NOT_FOR_RULE']);
    }
  });

  it('evidence: what it says in minor units, up to the cap', () => {
    const given = ofAmount({ evidence: '/due' }, { cap: '700' });
    const due = (no: string, amount: unknown) => evidence(no, { due: amount });
    expect(payouts(...given, due('1', '300'), due('2', '0'), due('3', '500'), due('4', '1'))).toEqual([
      300n,
      400n,
    ]);
    for (const amount of [300, '3.00', '-1', null, '1'.repeat(16)]) {
      expect(refusal(...given, due('1', amount))?.code).toBe('EVIDENCE_NOT_FOR_RULE');
    }
  });

  it('pays no more than is held; the rest stays owed and is waived at the end', () => {
    const given = [...ofAmount({ evidence: '/due' }), evidence('1', { due: '1500' })];
    expect(payouts(...given)).toEqual([1001n]);
    expect(stateAfter(...given)).toMatchObject({
      status: 'active',
      rules: [{ entitled: 1500n, paid: 1001n }],
    });
    const events = history(...given, tick(day(60)));
    expect(events.slice(-2).map(({ type, data }) => [type, data.status])).toEqual([
      ['EntitlementWaived', 'active'],
      ['ContractClosed', 'expired'],
    ]);
    expect(events.at(-2)).toMatchObject({
      data: { ruleId: 'pay', dedupeKey: '1', amount: 499n, reason: 'shortfall' },
    });
  });

  it('splits by exact shares, the remainder to the rest, nothing to whom nothing falls', () => {
    const to = [
      { to: 'school', share: '95/100' },
      { to: 'bureau', share: 'rest' },
    ];
    const given = ofAmount({ evidence: '/due' }, { to });
    expect(last(...given, evidence('1', { due: '101' }))).toMatchObject({
      data: {
        splits: [
          { role: 'school', amount: 95n, account: 'org:o-school:payable' },
          { role: 'bureau', amount: 6n, account: 'treasury:bureau' },
        ],
        postings: [
          {
            source: 'custody:c-1',
            destination: 'org:o-school:payable',
            amount: { asset: 'CNY/2', amount: 95n },
          },
          { source: 'custody:c-1', destination: 'treasury:bureau', amount: { asset: 'CNY/2', amount: 6n } },
        ],
      },
    });
    const tiny = last(...given, evidence('1', { due: '1' }));
    expect(tiny).toMatchObject({
      data: { splits: [{ role: 'bureau', amount: 1n, account: 'treasury:bureau' }] },
    });
  });

  it('reaches wallets and other contracts through clearing', () => {
    const paidTo = (payTo: string) => {
      const parties = PARTIES.map((party) => (party.role === 'school' ? { ...party, payTo } : party));
      const given = inForce({ template: one({ when: attested, amount: { fixed: '300' } }), parties });
      const event = last(...given, evidence('1'));
      return event.type === 'FundsReleased' ? event.data.splits[0] : undefined;
    };
    const split = { role: 'school', amount: 300n };
    expect(paidTo('wallet:w-1')).toEqual({ ...split, account: 'clearing:payout', onTo: 'wallet:w-1' });
    expect(paidTo('contract:c-9')).toEqual({ ...split, account: 'clearing:funding', onTo: 'contract:c-9' });
    expect(paidTo('bank:fees')).toEqual({ ...split, account: 'bank:fees' });
  });
});
