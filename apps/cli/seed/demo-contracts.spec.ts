import { describe, expect, it } from '@jest/globals';
import { addMs, localDateOf, parseInstant } from '#libs/kernel/time/index.js';
import { lessonSeries } from '#libs/tuition/domain/course-order/index.js';
import { LESSON_STARTS, laidOut, planContracts, type PlannedOrder } from './demo-contracts.js';

const MOMENTS = [
  '2026-11-22T09:00:00+08:00',
  '2027-01-01T00:00:00+08:00',
  '2028-03-01T23:59:59+08:00',
  '2027-07-31T12:00:00+08:00',
].map((moment) => parseInstant(moment));
const HOUR_MS = 3_600_000;

/** Everything that happens to the order, in the order in which it has to. */
function momentsOf({ orderedAt, paid }: PlannedOrder): readonly string[] {
  if (!paid) return [orderedAt];
  const lessons = paid.given.flatMap(({ deliveredAt, answer }) => [
    deliveredAt,
    ...(answer ? [answer.at] : []),
  ]);
  return [orderedAt, paid.at, paid.scheduledAt, ...lessons, ...(paid.withdrawnAt ? [paid.withdrawnAt] : [])];
}

describe('the contracts of the demo', () => {
  it.each(MOMENTS)('at %s have happened, one thing after the other', (now) => {
    const { publishedAt, orders, deposit, campaign } = planContracts(now);
    expect(planContracts(now)).toEqual(planContracts(now));
    const happened = [
      ...orders.map((order) => [publishedAt, ...momentsOf(order)]),
      [deposit.draftedAt, deposit.signedAt, deposit.paidAt, deposit.inspectedAt],
      [
        campaign.draftedAt,
        campaign.sponsoredAt,
        campaign.paidAt,
        campaign.signUpsAt,
        campaign.closesAt,
        campaign.spentAt,
      ],
    ];
    for (const moments of happened) {
      // No two at once: a contract's clock never goes back, and each act sets the clock anew.
      expect(moments).toEqual([...new Set(moments)].sort());
      expect(moments.every((moment) => moment < now)).toBe(true);
    }
    expect([
      deposit.paidAt < deposit.fundBy,
      now < deposit.returnOn,
      deposit.returnOn < deposit.endsAt,
    ]).toEqual([true, true, true]);
    expect(campaign.expiresAt > now).toBe(true);
  });

  it.each(MOMENTS)(
    'at %s have lessons that are given after they began, on the days of the timetable',
    (now) => {
      for (const { lessons, paid } of planContracts(now).orders) {
        if (!paid) continue;
        const times = lessonSeries({ ...paid, time: LESSON_STARTS, except: [] }, lessons);
        for (const { lessonNo, deliveredAt } of paid.given)
          expect(deliveredAt).toBe(addMs(times[lessonNo - 1]!, HOUR_MS + 10 * 60_000));
      }
    },
  );

  it.each(MOMENTS)('at %s stand as a visitor wants to see them', (now) => {
    const { orders } = planContracts(now);
    const seen = orders.map(({ key, payer, lessons, paid }) => [
      key,
      payer,
      lessons,
      paid?.given.map(({ answer }) => answer?.says ?? '-').join(' '),
      paid?.withdrawnAt !== undefined,
    ]);
    expect(seen).toEqual([
      ['completed', 'payer', 12, Array.from({ length: 12 }, () => 'confirm').join(' '), false],
      ['running', 'payer', 24, 'confirm - - object -', false],
      ['withdrawn', 'payer2', 24, 'confirm confirm', true],
      ['unpaid', 'payer', 48, undefined, false],
    ]);
    // Within three working days each, so that the objection counts and the last lesson is still open.
    const running = orders[1]!.paid!.given;
    const answer = running[3]!.answer!;
    expect(Date.parse(answer.at) - Date.parse(running[3]!.deliveredAt)).toBeLessThan(24 * HOUR_MS);
    expect(localDateOf(running[4]!.deliveredAt) < localDateOf(now)).toBe(true);
  });

  it('cost the demo payers what they pay in', () => {
    expect(laidOut(planContracts(MOMENTS[0]!))).toEqual({
      payer: 120_000n + 228_000n,
      payer2: 228_000n + 80_000n + 30_000n,
    });
  });
});
