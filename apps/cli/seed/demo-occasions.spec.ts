import { describe, expect, it } from '@jest/globals';
import { localDateOf, parseInstant } from '#libs/kernel/time/index.js';
import { type Occasions, planOccasions } from './demo-occasions.js';
import { type PlannedPayment, planDemo } from './demo-plan.js';

const MORNING = '2026-11-22T09:00:00+08:00';
const occasionsAt = (moment: string, scale = 1): Occasions => {
  const now = parseInstant(moment);
  return planOccasions(planDemo(now, scale), now);
};
const fenOf = ({ bills }: PlannedPayment): bigint => bills.reduce((sum, { fen }) => sum + fen, 0n);
const everyPayment = ({ payments, byOperator }: Occasions) => [...payments, ...byOperator];

describe('the occasions of the demo', () => {
  it('are the same for the same plan', () => {
    expect(occasionsAt(MORNING)).toEqual(occasionsAt(MORNING));
  });

  it.each([MORNING, '2027-01-01T00:00:00+08:00', '2028-03-01T23:59:59+08:00', '2027-07-31T12:00:00+08:00'])(
    'at %s lie in the past, after their bills, and concern bills that the plan leaves open',
    (moment) => {
      const now = parseInstant(moment);
      const plan = planDemo(now, 1);
      const occasions = planOccasions(plan, now);
      const paid = new Set(
        plan.flatMap(({ payments }) =>
          payments.flatMap(({ student, bills }) =>
            bills.map(({ feeItem }) => `${student.studentNo} ${feeItem}`),
          ),
        ),
      );
      for (const { at, bills, student, school, method } of everyPayment(occasions)) {
        const waves = plan.find((one) => one.school === school)!.waves;
        for (const { feeItem } of bills) {
          const wave = waves.find(({ rows }) => rows.some((row) => row.feeItem === feeItem));
          expect(wave !== undefined && wave.issuedAt < at).toBe(true);
          expect([feeItem, paid.has(`${student.studentNo} ${feeItem}`)]).toEqual([feeItem, false]);
        }
        expect(method === 'operator' ? at === now : at < now).toBe(true);
      }
      const { smallRefund, largeRefund, cancelled, at } = occasions;
      expect(Object.values(at).every((moment_) => moment_ < now)).toBe(true);
      expect([smallRefund.at < at.smallRefund, cancelled.at < at.cancelled]).toEqual([true, true]);
      expect([largeRefund.at < at.largeRefund, at.largeRefund < at.complaint]).toEqual([true, true]);
    },
  );

  it('are of every kind', () => {
    const { payments, byOperator, smallRefund, largeRefund, cancelled, mandateFor } = occasionsAt(MORNING);
    expect(payments.map(({ key, method }) => [key, method])).toEqual([
      ['school-2-part-cash', 'cash'],
      ['school-2-part-1', 'wallet'],
      ['school-2-part-2', 'wallet'],
      ['school-2-advance', 'cash'],
      ['school-1-late', 'cash'],
    ]);
    // Only what the supervisor must see is above 500 yuan, and only money in a wallet goes back by itself.
    const book = smallRefund.bills.find(({ feeItem }) => feeItem === 'BOOK');
    expect(book !== undefined && book.fen <= 50_000n).toBe(true);
    expect(fenOf(largeRefund) > 50_000n).toBe(true);
    expect([smallRefund, largeRefund, cancelled].map(({ method }) => method)).toEqual([
      'wallet',
      'wallet',
      'wallet',
    ]);
    expect(new Set([smallRefund, largeRefund, cancelled]).size).toBe(3);
    // 14 days late after 3 days of grace.
    const [late] = payments.filter(({ key }) => key === 'school-1-late');
    const due = [12_600n, 13_250n, 14_108n, 14_870n, 15_360n, 16_240n];
    expect(due.map((fen) => fen + (fen * 14n * 5n) / 10_000n)).toContain(fenOf(late!));
    // The sandbox bank plays tricks with amounts that end in .01 to .07.
    for (const payment of byOperator)
      expect([1n, 2n, 3n, 4n, 5n, 6n, 7n]).not.toContain(fenOf(payment) % 100n);
    const busy = [...payments, ...byOperator, smallRefund, largeRefund, cancelled].map(
      ({ student }) => student,
    );
    expect(busy).not.toContain(mandateFor);
    expect(localDateOf(byOperator[0]!.at)).toBe('2026-11-22');
  });

  it('do not grow with the demo', () => {
    const [small, large] = [occasionsAt(MORNING, 1), occasionsAt(MORNING, 3)];
    expect(everyPayment(large)).toHaveLength(everyPayment(small).length);
  });
});
