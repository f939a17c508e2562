import { describe, expect, it } from '@jest/globals';
import {
  approve,
  attest,
  confirm,
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
} from '#libs/testing/contract-fixture.js';
import { dispute, freezing, lessons, settled, told } from '#libs/testing/contract-disputes.js';
import { nextDueAt } from './index.js';

describe('a dispute that stops a rule', () => {
  const ruled = [...inForce(freezing('rule')), ...lessons('1', '2')];
  const open = [...ruled, dispute('1')];

  it('stops all its units and whatever would earn more, and nothing else', () => {
    expect(history(...open).at(-1)?.data).toMatchObject({
      totals: { frozen: 500n },
      status: 'active',
      nextDueAt: hour(242),
    });
    for (const command of [attest('3', hour(3)), confirm('1', hour(3)), confirm('2', hour(3))]) {
      expect(refusal(...open, command)?.code).toBe('CONTRACT_FROZEN');
    }
    const withdrawn = history(...open, approve('payer', 'withdraw', hour(3)));
    expect(withdrawn.at(-1)).toMatchObject({
      type: 'ContractClosing',
      data: { owed: 500n, totals: { refunded: 501n, frozen: 500n } },
    });
  });

  it('pays the unit or gives it back; the others’ notice moves on', () => {
    const paidOut = [...open, ...settled('release', hour(12))];
    expect(stateAfter(...paidOut)).toMatchObject({ released: 250n });
    expect(nextDueAt(stateAfter(...paidOut))).toBe(hour(83));
    const back = [...open, ...settled('refund', hour(12))];
    expect(stateAfter(...back, tick(hour(83)))).toMatchObject({ released: 250n, refunded: 250n });
  });

  it('holds its moments until it is over, and does not move them', () => {
    const template = {
      ...withRules([
        rule({
          id: 'lesson',
          when: { any: [{ attested: { by: 'terminal', dedupe: '/lessonNo' } }, { at: day(5) }] },
          amount: { perUnit: { total: '$total', units: '4' } },
          cooling: 'P3D',
        }),
      ]),
      dispute: { ...COURSE.dispute, freeze: 'rule' as const },
    };
    const stopped = [...inForce({ template }), attest('1', hour(1)), dispute('1')];
    expect(history(...stopped, tick(day(6)))).toEqual(history(...stopped));
    expect(told(history(...stopped, ...settled('thaw', day(6))), 10)).toEqual([
      ['DisputeResolved', 'active', 1001n, 0n],
      ['TimerFired', 'active', 1001n, 0n],
      ['EntitlementAccrued', 'active', 1001n, 0n],
    ]);
  });
});
