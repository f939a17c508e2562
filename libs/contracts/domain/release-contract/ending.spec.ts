import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import {
  approve,
  ask,
  attest,
  confirm,
  CONTRACT,
  day,
  deposit,
  draft,
  expected,
  history,
  hour,
  inForce,
  paid,
  refusal,
  release,
  reserve,
  sign,
  signed,
  stateAfter,
  tick,
} from '#libs/testing/contract-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { contractDecider } from './index.js';

const payer = { role: 'payer', partyId: 'a-payer' };
const fundBy = '2026-09-11T00:00:00.000Z' as const;
const nothing = { funded: 0n };
const toSchool = (amount: bigint) => paid(amount, 'school', 'org:o-school:payable');
const backToPayer = (amount: bigint) => paid(amount, 'payer', 'clearing:payout', 'origin');

describe('how it ends', () => {
  it('is completed when everything has been paid out', () => {
    const four = ['1', '2', '3', '4'].map((lesson) => attest(lesson, hour(1)));
    const before = [...inForce(), ...four, ...['1', '2', '3'].map((lesson) => confirm(lesson, hour(2)))];
    const last = history(...before, confirm('4', hour(2))).at(-1);
    expect(last).toEqual(
      expected(history(...before).length + 2, [
        'ContractClosed',
        { at: hour(2), by: payer, totals: { released: 1001n }, status: 'completed', next: null },
        { reason: 'paidOut' },
      ])[0],
    );
  });

  it('withdraws: what is owed cools on, the rest goes back at once', () => {
    const given = history(...inForce(), attest('1', hour(1)));
    const back = {
      refundId: `${CONTRACT}:withdraw:751`,
      ruleId: 'withdraw',
      reason: 'rule',
      dedupeKeys: [''],
    };
    const now = { at: hour(2), by: payer };
    spec(contractDecider)
      .given(given)
      .when(approve('payer', 'withdraw', hour(2)))
      .then(
        expected(
          7,
          [
            'ApprovalRecorded',
            { ...now, totals: {}, next: hour(73) },
            { unit: { ruleId: 'withdraw', dedupeKey: '' }, role: 'payer', decision: 'approve' },
          ],
          [
            'EntitlementAccrued',
            { ...now, totals: {}, next: hour(73) },
            { ruleId: 'withdraw', dedupeKey: '', before: 0n, after: 751n, payableAt: hour(2) },
          ],
          [
            'FundsRefunded',
            { ...now, totals: { refunded: 751n }, next: hour(73) },
            { ...back, ...backToPayer(751n) },
          ],
          [
            'ContractClosing',
            { ...now, totals: { refunded: 751n }, status: 'closing', next: hour(73) },
            { ruleId: 'withdraw', reason: 'final', owed: 250n },
          ],
        ),
      );
    const end = history(
      ...inForce(),
      attest('1', hour(1)),
      approve('payer', 'withdraw', hour(2)),
      tick(hour(73)),
    );
    expect(end.slice(11)).toEqual(
      expected(
        11,
        [
          'TimerFired',
          { at: hour(73), totals: { refunded: 751n }, status: 'closing', next: null },
          { timerId: 'payable:lesson:1', dueAt: hour(73) },
        ],
        [
          'FundsReleased',
          { at: hour(73), totals: { refunded: 751n, released: 250n }, status: 'closing', next: null },
          {
            releaseId: `${CONTRACT}:lesson:250`,
            ruleId: 'lesson',
            dedupeKeys: ['1'],
            cumulative: 250n,
            ...toSchool(250n),
          },
        ],
        [
          'ContractClosed',
          { at: hour(73), totals: { refunded: 751n, released: 250n }, status: 'completed', next: null },
          { reason: 'final' },
        ],
      ),
    );
  });

  it('expires: what nobody is owed goes as the end says, what cools is paid first', () => {
    const events = history(...inForce(), attest('1', day(59)), tick(day(61)), tick(day(62)));
    expect(events.slice(7).map(({ type, data }) => [type, data.status, data.totals.held])).toEqual([
      ['TimerFired', 'active', 1001n],
      ['FundsRefunded', 'active', 250n],
      ['ContractClosing', 'closing', 250n],
      ['TimerFired', 'closing', 250n],
      ['FundsReleased', 'closing', 0n],
      ['ContractClosed', 'expired', 0n],
    ]);
    expect(events.slice(7).flatMap((event) => ('reason' in event.data ? [event.data.reason] : []))).toEqual([
      'end',
      'end',
      'end',
    ]);
  });

  it('is cancelled when nobody funds it, signed or not; a payment under way is waited for', () => {
    for (const commands of [[draft()], signed()]) {
      const events = history(...commands, tick(day(10)));
      expect(events.slice(-2)).toEqual(
        expected(
          commands.length,
          [
            'TimerFired',
            { at: day(10), totals: nothing, status: events.at(-2)!.data.status, next: null },
            { timerId: 'fundBy', dueAt: fundBy },
          ],
          [
            'ContractClosed',
            { at: day(10), totals: nothing, status: 'cancelled', next: null },
            { reason: 'notFunded' },
          ],
        ),
      );
    }
    const waiting = [...signed(), reserve(1001n)];
    expect(history(...waiting, tick(day(11)))).toEqual(history(...waiting));
    expect(stateAfter(...waiting, deposit(1001n, 'p-1', day(11))).status).toBe('active');
    expect(stateAfter(...waiting, release('p-1', day(11))).status).toBe('cancelled');
  });

  it('is withdrawn before it is funded, at once or after the payment under way', () => {
    const withdraw = ask('payer', hour(1), { kind: 'withdrawDraft', reason: 'changed our minds' });
    for (const commands of [[draft()], signed()]) {
      expect(history(...commands, withdraw).slice(commands.length)).toEqual(
        expected(commands.length, [
          'ContractClosed',
          { at: hour(1), by: payer, totals: nothing, status: 'cancelled', next: null },
          { reason: 'withdrawn' },
        ]),
      );
    }
    const closing = [...signed(), reserve(1001n), withdraw];
    expect(stateAfter(...closing).status).toBe('closing');
    expect(refusal(...closing, reserve(1001n, 'p-2', hour(2)))?.code).toBe('FUNDING_CLOSED');
    const events = history(...closing, deposit(1001n, 'p-1', hour(2)));
    expect(events.slice(-3).map(({ type, data }) => [type, data.status, data.totals.held])).toEqual([
      ['FundsDeposited', 'closing', 1001n],
      ['FundsRefunded', 'closing', 0n],
      ['ContractClosed', 'cancelled', 0n],
    ]);
    expect(stateAfter(...closing, release('p-1', hour(2))).status).toBe('cancelled');
    expect(refusal(...inForce(), withdraw)?.code).toBe('FUNDING_CLOSED');
  });

  it('takes nothing any more once it has ended, but answers repeats', () => {
    const ended = [...inForce(), approve('payer', 'withdraw', hour(1))];
    expect(stateAfter(...ended).status).toBe('completed');
    for (const command of [
      attest('1', hour(2)),
      confirm('1', hour(2)),
      approve('payer', 'withdraw', hour(2)),
      reserve(5n, 'p-2', hour(2)),
      deposit(5n, 'p-2', hour(2)),
      sign('payer'),
      ask('payer', hour(2), { kind: 'dispute', disputeId: 'x', subject: null, reasonCode: 'late' }),
      ask('payer', hour(2), { kind: 'vote', disputeId: 'x', outcome: 'thaw' }),
      ask('system', hour(2), { kind: 'closeByAuthority', overrideId: 'x', reason: 'closed' }),
      ask('payer', hour(2), { kind: 'withdrawDraft', reason: 'closed' }),
      ask('payer', hour(2), { kind: 'withdrawAmendment', amendmentId: 'x' }),
    ]) {
      expect([command.kind, refusal(...ended, { ...command, at: hour(2) })?.code]).toEqual([
        command.kind,
        'CONTRACT_CLOSED',
      ]);
    }
    for (const repeat of [deposit(1001n, 'p-1', hour(2)), release('p-7', hour(2)), tick(day(90))]) {
      expect(history(...ended, repeat)).toEqual(history(...ended));
    }
  });
});

describe('what it knows', () => {
  it('folds to the very state that the decisions were made on', () => {
    const commands = [
      ...inForce(),
      attest('1', hour(1)),
      attest('2', hour(1)),
      confirm('1', hour(2)),
      tick(day(9)),
    ];
    let state = contractDecider.initial;
    for (const command of commands) {
      const decision = contractDecider.decide(command, state);
      if (decision.accepted)
        for (const event of decision.events) state = contractDecider.evolve(state, event);
    }
    expect(state).toStrictEqual(fold(contractDecider, history(...commands)));
  });
});
