import { describe, expect, it } from '@jest/globals';
import {
  ask,
  attest,
  COURSE,
  day,
  history,
  hour,
  inForce,
  refusal,
  rule,
  stateAfter,
  tick,
  withRules,
  type Agreed,
} from '#libs/testing/contract-fixture.js';
import { both, propose } from '#libs/testing/contract-amendments.js';
import type { RuleTerms } from '../template/types.js';
import type { Template } from '../template/types.js';
import { bookOf, type ContractCommand } from './index.js';

describe('what other rules make of an amendment', () => {
  const trial = (change: Partial<RuleTerms>): Template => withRules([rule({ id: 'pay', ...change })]);
  const amend = (before: Template, after: Template, ...history: readonly ContractCommand[]) => [
    ...inForce({ template: before } satisfies Agreed),
    ...history,
    propose({}, after),
    ...both,
  ];
  const evidence = (no: string, figures: object, at = hour(1)) =>
    attest(no, at, { rule: 'pay', payload: { no, ...figures } });
  const attested = { attested: { by: 'terminal', dedupe: '/no' } };

  it('metered: the new tariff for what is used from here on', () => {
    const meter = (tariff: string) =>
      trial({ when: attested, amount: { metered: { reading: '/kwh', tariff } } });
    const commands = amend(meter('1/2'), meter('3/2'), evidence('1', { kwh: '101' }));
    expect(stateAfter(...commands, evidence('2', { kwh: '201' }, hour(12))).released).toBe(50n + 150n);
    const unchanged = amend(meter('1/2'), meter('1/2'), evidence('1', { kwh: '101' }));
    // Cumulative floors go on where nothing has changed: floor(202/2), not floor(101/2) twice.
    expect(stateAfter(...unchanged, evidence('2', { kwh: '202' }, hour(12))).released).toBe(101n);
  });

  it('linear: brought up to date, and the rest over the rest of the time', () => {
    const line = (total: string) =>
      trial({ when: { at: hour(1) }, amount: { linear: { total, start: hour(1), end: hour(21) } } });
    const commands = amend(line('1000'), line('900'));
    // 10 of 20 hours are over at the last signature: 500 earned of 1,000; 400 more over the other ten.
    expect(stateAfter(...commands)).toMatchObject({ released: 500n, rules: [{ entitled: 500n }] });
    const draw = (at: ReturnType<typeof hour>) => ask('school', at, { kind: 'draw', ruleId: 'pay' });
    expect(stateAfter(...commands, draw(hour(16))).released).toBe(700n);
    expect(stateAfter(...commands, draw(hour(21))).released).toBe(900n);
    expect(refusal(...inForce({ template: line('1000') }), propose({}, line('400')), ...both)?.code).toBe(
      'AMENDMENT_NOT_POSSIBLE',
    );
  });

  it('steps: those still to come', () => {
    const line = (total: string) =>
      trial({
        when: { at: hour(1) },
        amount: { linear: { total, start: hour(1), end: hour(21), step: 'PT4H' } },
      });
    const commands = amend(line('1000'), line('800'));
    expect(stateAfter(...commands)).toMatchObject({ released: 400n });
    const amounts = history(...commands, tick(hour(21))).flatMap((event) =>
      event.type === 'FundsReleased' ? [event.data.amount] : [],
    );
    expect(amounts).toEqual([200n, 200n, 80n, 160n, 160n]);
  });

  it('tranches: the new ones from the next on', () => {
    const plan = (...tranches: readonly string[]) => ({ plan: tranches });
    const template = withRules([rule({ id: 'pay', when: attested, amount: { tranches: '$plan' } })], {
      params: { ...COURSE.params, plan: { type: 'amounts', title: COURSE.title } },
    });
    const commands = [
      ...inForce({ template, params: plan('100', '200') }),
      evidence('1', {}),
      propose(plan('100', '300', '50'), template),
      ...both,
      evidence('2', {}, hour(12)),
      evidence('3', {}, hour(12)),
    ];
    expect(stateAfter(...commands).released).toBe(450n);
    expect(
      refusal(...commands, propose(plan('100'), template, { amendmentId: 'm2', at: hour(12) }))?.code,
    ).toBe('AMENDMENT_NOT_POSSIBLE');
  });

  it('moments: those that stay keep their time, new ones are counted from when it came into force', () => {
    const gifts = (...moments: readonly string[]) =>
      withRules(
        moments.map((moment, nth) =>
          rule({
            id: `gift${nth}a`,
            when: moment.startsWith('P') ? { after: moment } : { at: moment },
            amount: { fixed: '100' },
          }),
        ),
      );
    const commands = amend(gifts('PT2H', 'P5D'), gifts('PT2H', 'P4D', day(7)));
    expect(history(...commands).find(({ type }) => type === 'ContractAmended')).toMatchObject({
      data: {
        timers: [
          { timerId: 'at:gift1a', dueAt: day(4) },
          { timerId: 'at:gift2a', dueAt: day(7) },
        ],
      },
    });
    expect(stateAfter(...commands, tick(day(8)))).toMatchObject({ released: 300n });
  });

  it('rules come and go; what the old ones paid stays on record', () => {
    const commands = amend(
      trial({ when: { at: hour(2) } }),
      withRules([rule({ id: 'other', when: { at: hour(20) } })]),
    );
    const state = stateAfter(...commands, tick(hour(20)));
    expect(state).toMatchObject({ released: 600n, retired: [{ ruleId: 'pay', paid: 300n }] });
    expect(bookOf(state, 'other')).toMatchObject({ paid: 300n });
  });
});
