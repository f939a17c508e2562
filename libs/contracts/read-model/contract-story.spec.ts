import { describe, expect, it } from '@jest/globals';
import { contractHistory } from '#libs/testing/contract-samples.js';
import { told } from './contract-story.js';

const storyOf = (name: Parameters<typeof contractHistory>[0]) =>
  contractHistory(name).map((event) => {
    const { messageKey, unit, amount } = told(event);
    return [messageKey, unit ? `${unit.ruleId} ${unit.dedupeKey}`.trim() : '-', Number(amount ?? 0n)];
  });

describe('the story of a contract', () => {
  it('of a course, with dispute, amendment and withdrawal', () => {
    expect(storyOf('course')).toEqual([
      ['contract.drafted', '-', 0],
      ['contract.signed', '-', 0],
      ['contract.signed.complete', '-', 0],
      ['contract.fundingReserved', '-', 120_000],
      ['contract.fundingReleased', '-', 0],
      ['contract.fundingReserved', '-', 120_000],
      ['contract.deposited.payment', '-', 120_000],
      ['contract.activated', '-', 0],
      ['contract.evidence.cooling', 'lesson 1', 10_000],
      ['contract.confirmed', 'lesson 1', 0],
      ['contract.released', 'lesson 1', 10_000],
      ['contract.evidence.cooling', 'lesson 2', 10_000],
      ['contract.disputed.unit', 'lesson 2', 10_000],
      ['contract.voted.refund', '-', 0],
      ['contract.voted.refund', '-', 0],
      ['contract.resolved.refund.vote', '-', 0],
      ['contract.waived.dispute', 'lesson 2', 10_000],
      ['contract.refunded.dispute', '-', 10_000],
      ['contract.secretRevealed', 'books', 0],
      ['contract.accrued.due', 'books', 5_000],
      ['contract.released', 'books', 5_000],
      ['contract.amendmentProposed', '-', 0],
      ['contract.amendmentWithdrawn', '-', 0],
      ['contract.amendmentProposed', '-', 0],
      ['contract.amendmentSigned', '-', 0],
      ['contract.amendmentSigned', '-', 0],
      ['contract.amended', '-', 0],
      ['contract.refunded.amendment', '-', 30_000],
      ['contract.evidence.cooling', 'lesson 3', 7_000],
      ['contract.approval.approve', 'withdraw', 0],
      ['contract.accrued.due', 'withdraw', 58_000],
      ['contract.refunded.rule', 'withdraw', 58_000],
      ['contract.closing.final', '-', 7_000],
      ['contract.timer.payable', 'lesson 3', 0],
      ['contract.released', 'lesson 3', 7_000],
      ['contract.closed.final', '-', 0],
    ]);
  });

  it('of a voucher, spent in part and expired', () => {
    const [key] = Object.values(contractHistory('voucher')).flatMap((event) =>
      event.type === 'EntitlementAccrued' ? [event.data.dedupeKey] : [],
    );
    expect(storyOf('voucher')).toEqual([
      ['contract.drafted', '-', 0],
      ['contract.signed.complete', '-', 0],
      ['contract.deposited.contract', '-', 3_000],
      ['contract.activated', '-', 0],
      ['contract.accrued.claim', `spend ${key}`, 2_000],
      ['contract.released', `spend ${key}`, 2_000],
      ['contract.timer.end', '-', 0],
      ['contract.refunded.end', '-', 1_000],
      ['contract.closed.end', '-', 0],
    ]);
  });
});
