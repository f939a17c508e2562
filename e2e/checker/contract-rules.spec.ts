import { describe, expect, it } from '@jest/globals';
import { bookFrom, entitlementAfter, priceOf } from './contract-entitlement.js';
import { moment, released, signatureOver, statement } from './contract-log.js';
import { again, insertAfter, nth, says, without } from './contract-planting.js';
import type { AmountTerms } from './contract-terms.js';
import { type Plant, plantedInCore, type PlantedRow } from './planting.js';

const PAID_ONE = { minute: 12, paid: [666, 0] as const };

async function finds(plant: Plant, found: readonly string[]): Promise<void> {
  expect(await plantedInCore(plant)).toEqual(expect.arrayContaining([...found]));
}

describe('what a rule is entitled to', () => {
  it.each<PlantedRow>([
    [
      'a lesson that earns more than its share',
      says('EvidenceAccepted', 1, { entitlementAfter: '334' }),
      ['contracts: EvidenceAccepted.v1 at contract-k5@6: lesson 1 from 0 to 334, by its terms from 0 to 333'],
    ],
    [
      'a lesson that is earned twice',
      (events) => {
        const second = statement(1);
        says('EvidenceAccepted', 2, { statement: second, signatures: [signatureOver(second)] })(events);
      },
      [
        'contracts: EvidenceAccepted.v1 at contract-k5@9: lesson 1 from 333 to 666 again, by its terms from 333 to 666',
      ],
    ],
    [
      'a claim beyond the cap',
      says('EntitlementAccrued', 1, { after: '61' }),
      [
        'contracts: EntitlementAccrued.v1 at contract-k5@12: books claim-1 from 0 to 61, by its terms from 0 to 1 … 60',
      ],
    ],
    [
      'more paid than earned',
      says('FundsReleased', 1, { amount: '340', cumulative: '340' }),
      ['contracts: FundsReleased.v1 at contract-k5@8: lesson has paid 340, says 340, is entitled to 333'],
    ],
    [
      'a sum that is not what the rule has paid',
      says('FundsReleased', 2, { cumulative: '660' }),
      ['contracts: FundsReleased.v1 at contract-k5@11: lesson has paid 666, says 660, is entitled to 666'],
    ],
    [
      'evidence that earns before its approval is there',
      says('EvidenceAccepted', 1, { payableAt: null }),
      ['contracts: EvidenceAccepted.v1 at contract-k5@6: earns 333 before it is due any'],
    ],
  ])('%s', (_, plant, found) => finds(plant, found));

  const book = { ...bookFrom(), entitled: 100n, accrued: 1, reading: '10' };
  const later = bookFrom(book);
  const rows: readonly [AmountTerms, typeof book, readonly [bigint, bigint]][] = [
    [{ kind: 'fixed', amount: 70n }, bookFrom(), [70n, 70n]],
    [{ kind: 'fixed', amount: 70n }, book, [100n, 100n]],
    [{ kind: 'perUnit', total: 1_000n, units: 3n }, book, [666n, 666n]],
    // floor((1,000 − 100) / (5 − 1)) more than it had at the amendment.
    [{ kind: 'perUnit', total: 1_000n, units: 5n }, later, [325n, 325n]],
    [{ kind: 'tranches', amounts: [100n, 250n, 30n] }, book, [350n, 350n]],
    [{ kind: 'metered', pointer: '/reading', tariff: '53/10' }, book, [106n, 106n]],
    [{ kind: 'metered', pointer: '/reading', tariff: '53/10' }, later, [153n, 153n]],
    [{ kind: 'evidence', pointer: '/sum/fen' }, book, [125n, 125n]],
    [{ kind: 'claim' }, book, [101n, 140n]],
    [{ kind: 'remaining' }, book, [140n, 140n]],
    [{ kind: 'linear', total: 1_000n, start: moment(0), end: moment(40) }, book, [101n, 250n]],
    [{ kind: 'linear', total: 1_000n, start: moment(0), end: moment(9) }, book, [101n, 1_000n]],
  ];
  it.each(rows)('by %j', (amount, before, bounds) => {
    const rule = { id: 'r', does: 'release', amount, cooling: false, confirmedBy: [], cap: undefined };
    const payload = { reading: '20.09', sum: { fen: '25' } };
    const accrual = { payload, at: moment(10), after: 0n, free: 40n };
    expect(entitlementAfter(rule, before, accrual)).toEqual(bounds);
    const most = bounds[1] - 1n;
    if (most >= before.entitled)
      expect(entitlementAfter({ ...rule, cap: most }, before, accrual)[1]).toBe(most);
  });

  it('prices readings exactly', () => {
    expect(priceOf('0.1', '100.35', '1/3')).toBe(33n);
    expect(priceOf('9007199254740993', '9007199254740994.5', '2/1')).toBe(3n);
  });
});

describe('what is paid for it', () => {
  /** 54 come in while the contract closes, holds 996 and owes 334; so much goes back. */
  const late =
    (back: string): Plant =>
    (events) => {
      without('EntitlementWaived')(events);
      nth(events, 'DisputeResolved').data['status'] = 'closing';
      const deposit = nth(events, 'FundsDeposited');
      const data = { ...deposit.data, amount: '54', depositId: 'late', status: 'closing' };
      insertAfter(events, ['DisputeResolved', 1], { ...deposit, data });
      nth(events, 'FundsRefunded').data['amount'] = back;
    };

  it('lets go back what nobody is owed, also of what comes while it closes', async () => {
    const found = await plantedInCore(late('716'));
    expect(found.filter((one) => one.includes('are owed'))).toEqual([]);
  });

  it.each<PlantedRow>([
    [
      'more back than nobody is owed',
      late('717'),
      ['contracts: FundsRefunded.v1 at contract-k5@20: 717 leave, 334 of 1050 are owed'],
    ],
    [
      'a lesson that is paid twice',
      (events) => {
        const second = { rule: 'lesson', key: '1', minor: 333, cumulative: 666 };
        insertAfter(events, ['FundsReleased', 1], released(PAID_ONE, second));
      },
      ['contracts: FundsReleased.v1 at contract-k5@9: lesson 1, of which 0 are open'],
    ],
    [
      'a release that is there twice',
      again('FundsReleased', 2),
      ['contracts: FundsReleased.v1 at contract-k5@12: k5:lesson:666 again'],
    ],
    [
      'a payout within the notice',
      without('TimerFired'),
      ['contracts: FundsReleased.v1 at contract-k5@7: lesson 1, of which 333 are open and in notice'],
    ],
    [
      'a confirmation by nobody who may',
      says('AccrualConfirmed', 1, { by: { role: 'school' } }),
      ['contracts: AccrualConfirmed.v1 at contract-k5@10: lesson confirmed by school, in vain'],
    ],
    [
      'a claim with a notice',
      says('EntitlementAccrued', 1, { payableAt: moment(26) }),
      [
        'contracts: EntitlementAccrued.v1 at contract-k5@12: books claim-1 has a notice that its terms do not give',
      ],
    ],
    [
      'money back by a rule that pays',
      (events) => {
        const event = nth(events, 'FundsReleased', 1);
        event.type = 'FundsRefunded.v1';
        event.data['refundId'] = event.data['releaseId'];
      },
      ['contracts: FundsRefunded.v1 at contract-k5@8: 0 of 333 are of no unit, by a rule that does release'],
    ],
    [
      'more given up than was open',
      says('EntitlementWaived', 1, { amount: '335' }),
      ['contracts: EntitlementWaived.v1 at contract-k5@19: 335 of 334 waived (dispute), 334 are held'],
    ],
    [
      'given up for want of money that is there',
      says('EntitlementWaived', 1, { reason: 'shortfall' }),
      ['contracts: EntitlementWaived.v1 at contract-k5@19: 334 of 334 waived (shortfall), 334 are held'],
    ],
    [
      'back to the payer what the school is owed',
      without('EntitlementWaived'),
      ['contracts: FundsRefunded.v1 at contract-k5@19: 334 leave, 334 of 334 are owed'],
    ],
    [
      'an end that owes',
      (events) => {
        without('EntitlementWaived')(events);
        without('FundsRefunded')(events);
      },
      ['contracts: ContractClosed.v1 at contract-k5@19: ends and owes 334'],
    ],
    [
      'a contract that nobody has drafted',
      without('ContractDrafted'),
      ['contracts: ContractSigned.v1 at contract-k5@0: of a contract that was never drafted'],
    ],
  ])('%s', (_, plant, found) => finds(plant, found));
});
