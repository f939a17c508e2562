import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import {
  approve,
  attest,
  ask,
  confirm,
  day,
  history,
  hour,
  inForce,
  tick,
  unit,
} from '#libs/testing/contract-fixture.js';
import { contractDecider, type ContractEvent } from './index.js';

const given = history(...inForce(), attest('1', hour(1)));
const find = (type: ContractEvent['type'], events: readonly ContractEvent[] = full) =>
  events.find((event) => event.type === type)!;
const disputed = [
  ...inForce(),
  attest('1', hour(1)),
  ask('payer', hour(2), { kind: 'dispute', disputeId: 'x', subject: unit('1'), reasonCode: 'late' }),
  ask('payer', hour(2), { kind: 'vote', disputeId: 'x', outcome: 'refund' }),
  ask('bureau', hour(2), { kind: 'vote', disputeId: 'x', outcome: 'refund' }),
];
const full = history(
  ...disputed,
  attest('2', hour(3)),
  confirm('2', hour(3)),
  attest('3', hour(3)),
  tick(day(9)),
  approve('payer', 'withdraw', day(9)),
);

/** The event as the next of a history that it cannot follow. */
function after(
  events: readonly ContractEvent[],
  event: ContractEvent,
  change: object = {},
): readonly ContractEvent[] {
  const last = events.at(-1);
  const data = { ...event.data, seq: events.length, at: last?.data.at ?? event.data.at, ...change };
  return [...events, { type: event.type, data } as ContractEvent];
}
const impossible = (events: readonly ContractEvent[]) =>
  expect(() => fold(contractDecider, events)).toThrow(ImpossibleHistoryError);

describe('a history that no decision could have written', () => {
  it('begins with anything but a draft, has gaps, or goes back in time', () => {
    impossible([given[1]!]);
    impossible([given[0]!, given[2]!]);
    impossible(after(given.slice(0, 1), given[0]!));
    impossible(after(given, find('EvidenceAccepted'), { at: hour(0) }));
    expect(() => fold(contractDecider, given)).not.toThrow();
  });

  it.each<readonly [string, ContractEvent]>([
    ['signed twice', find('ContractSigned')],
    ['reserved twice', find('FundingReserved')],
    ['deposited twice', find('FundsDeposited')],
    ['active twice', find('ContractActivated')],
    ['evidence twice', find('EvidenceAccepted')],
    ['released what is not owed', find('FundsReleased')],
    ['confirmed what is not there', find('AccrualConfirmed')],
    ['resolved what was not disputed', find('DisputeResolved')],
    ['voted on nothing', find('VoteRecorded')],
    [
      'waived what is not owed',
      { type: 'EntitlementWaived', data: { ...find('EntitlementWaived').data, amount: 7n } } as ContractEvent,
    ],
    ['a timer for nothing', find('TimerFired')],
    [
      'an accrual that does not follow',
      {
        type: 'EntitlementAccrued',
        data: { ...find('EntitlementAccrued').data, before: 9n },
      } as ContractEvent,
    ],
    ['closed with money held', find('ContractClosed')],
  ])('has %s', (_, event) => {
    impossible(after(given, event));
  });

  it('goes on after the end', () => {
    expect(full.at(-1)?.type).toBe('ContractClosed');
    impossible(after(full, find('VoteRecorded')));
    impossible(after(full, find('ContractClosed')));
  });

  it('says of itself what does not follow', () => {
    const last = given.at(-1)!;
    for (const change of [
      { status: 'closing' },
      { totals: { ...last.data.totals, held: 1n } },
      { totals: { ...last.data.totals, frozen: 1n } },
      { totals: { ...last.data.totals, released: 1n } },
    ]) {
      impossible([
        ...given.slice(0, -1),
        { type: last.type, data: { ...last.data, ...change } } as ContractEvent,
      ]);
    }
  });

  it('names timers that there are not', () => {
    const timer = find('TimerFired');
    for (const timerId of ['noon', 'at:lunch', 'step:lesson:1', 'dispute:x', 'payable:lesson:9']) {
      impossible(after(given, timer, { timerId }));
    }
  });

  it('holds for every event of a real history put in the place of another', () => {
    for (let nth = 1; nth < full.length; nth += 1) {
      const swapped = [...full.slice(0, nth - 1), full[nth]!, full[nth - 1]!];
      impossible(swapped);
    }
  });
});
