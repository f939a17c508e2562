import { describe, expect, it } from '@jest/globals';
import {
  ask,
  attest,
  CLOCK,
  confirm,
  CONTRACT,
  day,
  expected,
  history,
  hour,
  inForce,
  paid,
  refusal,
  stateAfter,
  tick,
  unit,
} from '#libs/testing/contract-fixture.js';
import { dispute, lessons, settled, told, vote } from '#libs/testing/contract-disputes.js';
import { spec } from '#libs/testing/decider-spec.js';
import { contractDecider } from './index.js';

const payer = { role: 'payer', partyId: 'a-payer' };
const bureau = { role: 'bureau', partyId: 'o-bureau' };
const given = [...inForce(), ...lessons('1', '2')];

describe('an objection to a unit', () => {
  it('freezes that unit alone, until the deadline', () => {
    spec(contractDecider)
      .given(history(...given))
      .when(dispute('1'))
      .then(
        expected(8, [
          'DisputeOpened',
          { at: hour(2), by: payer, totals: { frozen: 250n }, next: hour(73) },
          {
            disputeId: 'x',
            role: 'payer',
            subject: unit('1'),
            scope: 'unit',
            frozenAmount: 250n,
            reasonCode: 'notTaught',
            deadline: hour(242),
          },
        ]),
      );
    const open = [...given, dispute('1')];
    expect(refusal(...open, confirm('1', hour(3)))?.code).toBe('CONTRACT_FROZEN');
    expect(told(history(...open, confirm('2', hour(3)), attest('3', hour(3)), tick(hour(80))), 9)).toEqual([
      ['AccrualConfirmed', 'active', 1001n, 250n],
      ['FundsReleased', 'active', 751n, 250n],
      ['EvidenceAccepted', 'active', 751n, 250n],
      ['TimerFired', 'active', 751n, 250n],
      ['FundsReleased', 'active', 501n, 250n],
    ]);
  });

  it('is resolved by enough roles of one mind: released at once', () => {
    const resolved = {
      disputeId: 'x',
      outcome: 'release',
      how: 'vote',
      release: 250n,
      refund: 0n,
      shiftMs: 3_600_000,
    };
    spec(contractDecider)
      .given(history(...given, dispute('1'), vote('payer', 'release')))
      .when(vote('bureau', 'release'))
      .then(
        expected(
          10,
          [
            'VoteRecorded',
            { at: hour(3), by: bureau, totals: { frozen: 250n }, next: hour(73) },
            { disputeId: 'x', role: 'bureau', outcome: 'release' },
          ],
          ['DisputeResolved', { at: hour(3), by: bureau, totals: {}, next: hour(73) }, resolved],
          [
            'FundsReleased',
            { at: hour(3), by: bureau, totals: { released: 250n }, next: hour(73) },
            {
              releaseId: `${CONTRACT}:lesson:250`,
              ruleId: 'lesson',
              dedupeKeys: ['1'],
              cumulative: 250n,
              ...paid(250n, 'school', 'org:o-school:payable'),
            },
          ],
        ),
      );
  });

  it('or waived and given back, and the contract goes on', () => {
    const events = history(...given, dispute('1'), ...settled('refund'));
    expect(told(events, 10)).toEqual([
      ['VoteRecorded', 'active', 1001n, 250n],
      ['DisputeResolved', 'active', 1001n, 0n],
      ['EntitlementWaived', 'active', 1001n, 0n],
      ['FundsRefunded', 'active', 751n, 0n],
    ]);
    expect(events.slice(11)).toMatchObject([
      { data: { release: 0n, refund: 250n } },
      { data: { ruleId: 'lesson', dedupeKey: '1', amount: 250n, reason: 'dispute' } },
      {
        data: {
          refundId: 'c-1:@dispute:250',
          reason: 'dispute',
          ruleId: null,
          splits: [{ role: 'payer', onTo: 'origin' }],
        },
      },
    ]);
    // Nobody teaches it a second time, and nobody pays it.
    const more = [...given, dispute('1'), ...settled('refund')];
    expect(refusal(...more, attest('1', hour(4)))?.code).toBe('DUPLICATE');
    expect(
      stateAfter(...more, ...lessons().concat(attest('3', hour(4)), attest('4', hour(4))), tick(day(10))),
    ).toMatchObject({
      status: 'completed',
      released: 751n,
      refunded: 250n,
    });
  });

  it('or thawed: notice goes on where it stood still', () => {
    const events = history(
      ...given,
      dispute('1'),
      ...settled('thaw', hour(12)),
      tick(hour(73)),
      tick(hour(83)),
    );
    expect(told(events, 11)).toEqual([
      ['DisputeResolved', 'active', 1001n, 0n],
      ['TimerFired', 'active', 1001n, 0n],
      ['FundsReleased', 'active', 751n, 0n],
      ['TimerFired', 'active', 751n, 0n],
      ['FundsReleased', 'active', 501n, 0n],
    ]);
    expect(
      events.flatMap((event) =>
        event.type === 'TimerFired' ? [[event.data.timerId, event.data.dueAt]] : [],
      ),
    ).toEqual([
      ['payable:lesson:2', hour(73)],
      ['payable:lesson:1', hour(83)],
    ]);
  });

  it('runs out: the default outcome, in the clock’s name', () => {
    const events = history(...given, dispute('1'), tick(day(20)));
    expect(told(events, 9)).toEqual([
      ['TimerFired', 'active', 1001n, 250n],
      ['FundsReleased', 'active', 751n, 250n],
      ['TimerFired', 'active', 751n, 250n],
      ['DisputeResolved', 'active', 751n, 0n],
      ['EntitlementWaived', 'active', 751n, 0n],
      ['FundsRefunded', 'active', 501n, 0n],
    ]);
    expect(events[12]).toMatchObject({
      data: { by: CLOCK, how: 'timeout', outcome: 'refund', shiftMs: 478 * 3_600_000 },
    });
  });

  it('is for those who may, about a unit in notice, one at a time', () => {
    expect(refusal(...given, dispute('1', hour(2), 'x', 'bureau'))?.code).toBe('NOT_AUTHORISED');
    expect(refusal(...given, dispute('9'))?.code).toBe('UNIT_NOT_FOUND');
    expect(refusal(...given, confirm('1', hour(1)), dispute('1'))?.code).toBe('NOT_COOLING');
    const lunch = ask('payer', hour(2), {
      kind: 'dispute',
      disputeId: 'x',
      subject: unit('1', 'lunch'),
      reasonCode: 'late',
    });
    expect(refusal(...given, lunch)?.code).toBe('RULE_NOT_FOUND');
    const open = [...given, dispute('1')];
    expect(history(...open, dispute('1'))).toEqual(history(...open));
    expect(refusal(...open, dispute('2', hour(3), 'y'))?.code).toBe('DISPUTE_OPEN');
    expect(refusal(...open, dispute(null, hour(3), 'y'))?.code).toBe('DISPUTE_OPEN');
    const over = [...open, ...settled('thaw')];
    expect(refusal(...over, dispute('1', hour(4)))?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(stateAfter(...over, dispute('1', hour(4), 'y')).dispute?.disputeId).toBe('y');
  });

  it('is voted on by those who may, who may change their minds', () => {
    const open = [...given, dispute('1')];
    expect(refusal(...given, vote('payer', 'thaw'))?.code).toBe('DISPUTE_NOT_FOUND');
    expect(refusal(...open, vote('payer', 'thaw', hour(3), 'y'))?.code).toBe('DISPUTE_NOT_FOUND');
    expect(refusal(...open, vote('payer/a-other', 'thaw'))?.code).toBe('NOT_AUTHORISED');
    expect(refusal(...open, vote('payer', 'thaw'), vote('payer', 'thaw'))?.code).toBe('ALREADY_VOTED');
    const changed = [...open, vote('payer', 'refund'), vote('school', 'release'), vote('payer', 'release')];
    expect(stateAfter(...changed)).toMatchObject({ dispute: null, released: 250n });
    const undone = [...open, vote('payer', 'refund'), vote('payer', 'release'), vote('school', 'refund')];
    expect(stateAfter(...undone)).toMatchObject({ released: 0n, refunded: 0n, dispute: { disputeId: 'x' } });
  });

  it('keeps its money from other units when there is too little', () => {
    const short = [...inForce({ params: { least: '600' }, amount: 600n }), ...lessons('1', '2', '3')];
    const open = [...short, dispute('3'), tick(hour(80))];
    expect(stateAfter(...open)).toMatchObject({ released: 350n, status: 'active' });
    expect(history(...open).at(-1)?.data.totals).toMatchObject({ held: 250n, frozen: 250n });
    // Lost, it pays what others are owed before anything goes back.
    const lost = history(...open, ...settled('refund', hour(81)));
    expect(lost.at(-1)?.data.totals).toMatchObject({ released: 500n, refunded: 100n, held: 0n });
  });

  it('outlives the end of the contract', () => {
    const late = [...inForce(), attest('1', day(58)), dispute('1', day(59))];
    const events = history(...late, tick(day(60)), tick(day(70)));
    expect(told(events, 8)).toEqual([
      ['TimerFired', 'active', 1001n, 250n],
      ['FundsRefunded', 'active', 250n, 250n],
      ['ContractClosing', 'closing', 250n, 250n],
      ['TimerFired', 'closing', 250n, 250n],
      ['DisputeResolved', 'closing', 250n, 0n],
      ['EntitlementWaived', 'closing', 250n, 0n],
      ['FundsRefunded', 'closing', 0n, 0n],
      ['ContractClosed', 'expired', 0n, 0n],
    ]);
  });
});
