import { describe, expect, it } from '@jest/globals';
import { checkLog } from './check.js';
import { moment, released, signatureOver, statement } from './contract-log.js';
import { again, insertAfter, nth, says, without } from './contract-planting.js';
import { moneyCoreLog } from './money-core-log.js';
import { type Plant, plantedInCore, type PlantedRow } from './planting.js';
import { exportOf } from './synthetic-log.js';

async function finds(plant: Plant, found: readonly string[]): Promise<void> {
  expect(await plantedInCore(plant)).toEqual(expect.arrayContaining([...found]));
}

describe('how it comes about', () => {
  it.each<PlantedRow>([
    [
      'a timer that fires twice',
      again('TimerFired'),
      [
        `contracts: TimerFired.v1 at contract-k5@8: payable:lesson:1 due ${moment(11)} again, by the log ${moment(11)}, next was ${moment(600)}`,
      ],
    ],
    [
      'a timer that fires early',
      says('TimerFired', 1, { at: moment(10.5) }),
      [
        `contracts: TimerFired.v1 at contract-k5@7: payable:lesson:1 due ${moment(11)}, by the log ${moment(11)}, next was ${moment(11)}`,
      ],
    ],
    [
      'a timer that shortens the notice',
      says('TimerFired', 1, { dueAt: moment(10.5) }),
      [
        `contracts: TimerFired.v1 at contract-k5@7: payable:lesson:1 due ${moment(10.5)}, by the log ${moment(11)}, next was ${moment(11)}`,
      ],
    ],
    [
      'a timer of nothing',
      says('TimerFired', 1, { timerId: 'payable:lesson:7' }),
      [
        `contracts: TimerFired.v1 at contract-k5@7: payable:lesson:7 due ${moment(11)}, by the log never, next was ${moment(11)}`,
      ],
    ],
    [
      'something that happens before what was due',
      without('TimerFired'),
      [`contracts: FundsReleased.v1 at contract-k5@7: while something was due at ${moment(11)}`],
    ],
    [
      'evidence that nobody has signed',
      says('EvidenceAccepted', 1, { signatures: [] }),
      ['contracts: EvidenceAccepted.v1 at contract-k5@6: signed by 0 keys of terminal, for k5'],
    ],
    [
      'evidence signed over something else',
      says('EvidenceAccepted', 1, { signatures: [signatureOver(statement(2))] }),
      ['contracts: EvidenceAccepted.v1 at contract-k5@6: signed by -1 keys of terminal, for k5'],
    ],
    [
      'evidence signed by a key that is none',
      says('EvidenceAccepted', 1, { signatures: [{ ...signatureOver(statement(1)), keyId: 'k1-2' }] }),
      ['contracts: EvidenceAccepted.v1 at contract-k5@6: signed by -1 keys of terminal, for k5'],
    ],
    [
      'evidence for another contract',
      (events) => {
        const other = { ...statement(1), contractId: 'k6' };
        says('EvidenceAccepted', 1, { statement: other, signatures: [signatureOver(other)] })(events);
      },
      ['contracts: EvidenceAccepted.v1 at contract-k5@6: signed by 1 keys of terminal, for k6'],
    ],
    [
      'money into a contract that a party has not signed',
      without('ContractSigned', 2),
      ['contracts: FundingReserved.v1 at contract-k5@2: not signed by school'],
    ],
    [
      'a decision by one vote of two',
      without('VoteRecorded', 2),
      ['contracts: DisputeResolved.v1 at contract-k5@17: refund by vote, 1 of 2 voted so'],
    ],
    [
      'a decision by somebody’s changed vote',
      says('VoteRecorded', 2, { outcome: 'release' }),
      ['contracts: DisputeResolved.v1 at contract-k5@18: refund by vote, 1 of 2 voted so'],
    ],
    [
      'a decision by a deadline that has not passed',
      says('DisputeResolved', 1, { how: 'timeout' }),
      ['contracts: DisputeResolved.v1 at contract-k5@18: refund by timeout, 2 of 2 voted so'],
    ],
    [
      'a payout of what is disputed',
      (events) => {
        const third = { rule: 'lesson', key: '3', minor: 334, cumulative: 1_000 };
        insertAfter(events, ['DisputeOpened', 1], released({ minute: 30, paid: [1_050, 0] }, third));
      },
      ['contracts: FundsReleased.v1 at contract-k5@16: pays out what a dispute holds'],
    ],
    [
      'a payout of another unit of a rule that stands still',
      (events) => {
        says('DisputeOpened', 1, { scope: 'rule' })(events);
        const other = { rule: 'lesson', key: '2', minor: 334, cumulative: 1_000 };
        insertAfter(events, ['DisputeOpened', 1], released({ minute: 30, paid: [1_050, 0] }, other));
      },
      ['contracts: FundsReleased.v1 at contract-k5@16: pays out what a dispute holds'],
    ],
    [
      'a refund while everything stands still',
      (events) => {
        says('DisputeOpened', 1, { scope: 'held', subject: null })(events);
        without('DisputeResolved')(events);
      },
      ['contracts: FundsRefunded.v1 at contract-k5@19: pays out what a dispute holds'],
    ],
    [
      'a vote in no dispute',
      without('DisputeOpened'),
      ['contracts: VoteRecorded.v1 at contract-k5@15: of no open dispute'],
    ],
  ])('%s', (_, plant, found) => finds(plant, found));
});

describe('a contract at rest', () => {
  async function overdue(restedAt: string | undefined, nextDueAt: string): Promise<readonly string[]> {
    const events = moneyCoreLog();
    nth(events, 'ContractClosed').data['nextDueAt'] = nextDueAt;
    const report = await checkLog({ log: exportOf(events), ...(restedAt && { restedAt }) });
    return report.rules.flatMap(({ invariant, first }) => (invariant === 'I8' && first ? [first] : []));
  }

  it('has nothing left that was due ten seconds ago', async () => {
    expect(await overdue(moment(600), moment(599))).toEqual([
      `contract k5: due at ${moment(599)}, at rest ${moment(600)}`,
    ]);
    expect(await overdue(moment(600), moment(599.9))).toEqual([]);
    // By the last event of the log, where nobody says when it was at rest.
    expect(await overdue(undefined, '2026-08-31T23:59:00.000Z')).toHaveLength(1);
  });
});
