import { describe, expect, it } from '@jest/globals';
import {
  approve,
  ask,
  attest,
  confirm,
  COURSE,
  day,
  deposit,
  history,
  hour,
  inForce,
  refusal,
  reserve,
  rule,
  stateAfter,
  tick,
  withLesson,
  withRules,
} from '#libs/testing/contract-fixture.js';
import { dispute, freezing, lessons, settled, told } from '#libs/testing/contract-disputes.js';

const given = [...inForce(), ...lessons('1', '2')];

describe('a dispute about everything held', () => {
  const whole = [...given, dispute(null)];

  it('stops the clock and everything that moves money', () => {
    expect(told(history(...whole), 8)).toEqual([['DisputeOpened', 'frozen', 1001n, 1001n]]);
    for (const command of [
      attest('3', hour(3)),
      confirm('1', hour(3)),
      approve('payer', 'withdraw', hour(3)),
      reserve(5n, 'p-2', hour(3)),
      ask('system', hour(3), { kind: 'closeByAuthority', overrideId: 'o', reason: 'closed' }),
    ]) {
      expect([command.kind, refusal(...whole, command)?.code]).toEqual([command.kind, 'CONTRACT_FROZEN']);
    }
    expect(history(...whole, tick(hour(200)))).toEqual(history(...whole));
    expect(stateAfter(...given, dispute(null, hour(2), 'x', 'school')).status).toBe('frozen');
    // Also where the template says so of an objection to a unit.
    expect(stateAfter(...inForce(freezing('held')), ...lessons('1'), dispute('1')).status).toBe('frozen');
  });

  it('moves every deadline on by the time that it lasted', () => {
    const template = {
      ...withRules([
        rule({ id: 'gift', when: { any: [{ at: day(5) }, { after: 'P6D' }] }, amount: { fixed: '300' } }),
        rule({
          id: 'stream',
          when: { at: day(1) },
          amount: { linear: { total: '400', start: day(10), end: day(20), step: 'P5D' } },
        }),
      ]),
    };
    const stopped = [...inForce({ template }), dispute(null, day(2)), ...settled('thaw', day(4))];
    const timers = history(...stopped, tick(day(100))).flatMap((event) =>
      event.type === 'TimerFired' ? [[event.data.timerId, event.data.dueAt]] : [],
    );
    expect(timers).toEqual([
      ['at:stream', day(1)],
      ['at:gift', day(7)],
      ['at:gift:2', day(8)],
      ['step:stream:1', day(17)],
      ['step:stream:2', day(22)],
      ['end', day(62)],
    ]);
  });

  it('moves a line without steps on too', () => {
    const template = withRules([
      rule({
        id: 'stream',
        when: { at: day(1) },
        amount: { linear: { total: '1000', start: day(10), end: day(20) } },
      }),
    ]);
    const draw = (at: ReturnType<typeof day>) => ask('school', at, { kind: 'draw', ruleId: 'stream' });
    const stopped = [
      ...inForce({ template }),
      draw(day(12)),
      dispute(null, day(12)),
      ...settled('thaw', day(15)),
    ];
    expect(refusal(...stopped, draw(day(15)))?.code).toBe('NOTHING_TO_PAY');
    expect(stateAfter(...stopped, draw(day(16))).released).toBe(300n);
  });

  it('is released: what is owed to its payees, the rest as the end says', () => {
    const events = history(...whole, ...settled('release'));
    expect(told(events, 11)).toEqual([
      ['DisputeResolved', 'active', 1001n, 0n],
      ['FundsReleased', 'active', 501n, 0n],
      ['FundsRefunded', 'active', 0n, 0n],
      ['ContractClosed', 'completed', 0n, 0n],
    ]);
    expect(events[11]).toMatchObject({ data: { release: 500n, refund: 501n } });
    expect(events.at(-1)).toMatchObject({ data: { reason: 'dispute' } });
  });

  it('or refunded: nothing is owed any more', () => {
    const events = history(...whole, ...settled('refund'));
    expect(told(events, 11)).toEqual([
      ['DisputeResolved', 'active', 1001n, 0n],
      ['EntitlementWaived', 'active', 1001n, 0n],
      ['EntitlementWaived', 'active', 1001n, 0n],
      ['FundsRefunded', 'active', 0n, 0n],
      ['ContractClosed', 'refunded', 0n, 0n],
    ]);
    expect(events[11]).toMatchObject({ data: { release: 0n, refund: 1001n } });
  });

  it('or thawed, by default too', () => {
    const thawing = [...inForce(freezing('unit', { default: 'thaw' })), ...lessons('1'), dispute(null)];
    const events = history(...thawing, tick(hour(242)));
    expect(told(events, 8)).toEqual([
      ['TimerFired', 'frozen', 1001n, 1001n],
      ['DisputeResolved', 'active', 1001n, 0n],
    ]);
    expect(events.at(-1)?.data.nextDueAt).toBe(hour(73 + 240));
  });

  it('takes a payment under way, which waits with the rest, and comes back when all is refunded', () => {
    const topUp = withLesson({}, { funding: { ...COURSE.funding, mode: 'topup' } });
    const open = [
      ...inForce({ template: topUp, params: { least: '500' }, amount: 500n }),
      reserve(100n, 'p-2', hour(1)),
      dispute(null, hour(2)),
    ];
    const funded = [...open, deposit(100n, 'p-2', hour(3))];
    expect(history(...funded).at(-1)?.data).toMatchObject({
      status: 'frozen',
      totals: { held: 600n, frozen: 600n },
    });
    expect(stateAfter(...funded, ...settled('refund', hour(4)))).toMatchObject({
      status: 'refunded',
      refunded: 600n,
    });
    const early = [...open, ...settled('refund', hour(3))];
    expect(stateAfter(...early)).toMatchObject({ status: 'closing', refunded: 500n });
    expect(stateAfter(...early, deposit(100n, 'p-2', hour(4)))).toMatchObject({
      status: 'refunded',
      refunded: 600n,
    });
  });

  it('stops what closes too, which then goes on closing or ends as the votes say', () => {
    const closing = [...given, approve('payer', 'withdraw', hour(2)), dispute(null, hour(3), 'x', 'school')];
    expect(stateAfter(...closing).status).toBe('frozen');
    expect(stateAfter(...closing, ...settled('thaw', hour(4)))).toMatchObject({
      status: 'closing',
      released: 0n,
    });
    expect(stateAfter(...closing, ...settled('release', hour(4)))).toMatchObject({
      status: 'completed',
      released: 500n,
    });
    expect(stateAfter(...closing, ...settled('refund', hour(4)))).toMatchObject({
      status: 'refunded',
      refunded: 1001n,
    });
  });
});
