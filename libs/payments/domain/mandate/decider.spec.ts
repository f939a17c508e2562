import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { addDays, parseInstant, parseLocalDate, type LocalDate } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import { mandateDecider, type MandateState } from './decider.js';
import type { MandateEvent, MandateResult, MandateTerms, NextRun } from './messages.js';
import { firstRunFrom } from './schedule.js';

const at = parseInstant('2026-10-20T02:00:00Z');
const day = parseLocalDate;
const terms: MandateTerms = {
  mandateId: asId('mandate-1'),
  tenant: asId('demo'),
  account: 'payer-1',
  organisationId: asId('school-1'),
  payerNumber: '20260001',
  walletId: asId('wallet-1'),
  subWalletId: 'sub-1',
  dayOfMonth: 15,
  from: day('2026-10-20'),
  until: null,
  retryAfterDays: [1, 3, 7],
  inputHash: 'a'.repeat(64),
  givenAt: at,
};
const { mandateId } = terms;
const run = (due: string, attempt = 0, of = due): NextRun => ({ due: day(due), attempt, of: day(of) });
const given: MandateEvent = { type: 'MandateGiven', data: { ...terms, nextRun: run('2026-11-15') } };
const failed: MandateResult = { billId: asId('bill-1'), paymentId: null, code: 'INSUFFICIENT_FUNDS' };
const paid: MandateResult = { billId: asId('bill-1'), paymentId: asId('payment-1'), code: null };

function ran(
  of: NextRun,
  results: readonly MandateResult[],
  after: { readonly nextRun: NextRun | null; readonly exhausted?: boolean },
): MandateEvent {
  const { nextRun, exhausted = false } = after;
  return { type: 'MandateRun', data: { mandateId, run: of, results, exhausted, nextRun, ranAt: at } };
}

describe('a mandate', () => {
  it('pays on its day of the month, from its first day on', () => {
    spec(mandateDecider)
      .given([])
      .when({ kind: 'give', ...terms })
      .then([given]);
    spec(mandateDecider)
      .given([given])
      .when({ kind: 'recordRun', due: day('2026-11-15'), results: [paid], at })
      .then([ran(run('2026-11-15'), [paid], { nextRun: run('2026-12-15') })]);
  });

  it('tries again after one, three and seven days, then waits for the payer and the next month', () => {
    const first = ran(run('2026-11-15'), [failed], { nextRun: run('2026-11-16', 1, '2026-11-15') });
    const second = ran(run('2026-11-16', 1, '2026-11-15'), [failed], {
      nextRun: run('2026-11-18', 2, '2026-11-15'),
    });
    const third = ran(run('2026-11-18', 2, '2026-11-15'), [failed], {
      nextRun: run('2026-11-22', 3, '2026-11-15'),
    });
    const last = ran(run('2026-11-22', 3, '2026-11-15'), [failed], {
      nextRun: run('2026-12-15'),
      exhausted: true,
    });
    const history: MandateEvent[] = [given];
    for (const event of [first, second, third, last]) {
      if (event.type !== 'MandateRun') continue;
      spec(mandateDecider)
        .given(history)
        .when({ kind: 'recordRun', due: event.data.run.due, results: [failed], at })
        .then([event]);
      history.push(event);
    }
  });

  it('has nothing to try again when the bill was settled otherwise', () => {
    const settled: MandateResult = { ...failed, code: 'BILL_ALREADY_PAID' };
    spec(mandateDecider)
      .given([given])
      .when({ kind: 'recordRun', due: day('2026-11-15'), results: [settled], at })
      .then([ran(run('2026-11-15'), [settled], { nextRun: run('2026-12-15') })]);
  });

  it('fixes what a run pays before it pays, once', () => {
    const bills = [{ billId: asId<'bill'>('bill-1'), amount: money(CNY, 500n) }];
    const begin = { kind: 'beginRun', due: day('2026-11-15'), bills, at } as const;
    const begun: MandateEvent = {
      type: 'MandateRunBegun',
      data: { mandateId, run: run('2026-11-15'), bills, begunAt: at },
    };
    const revoked: MandateEvent = {
      type: 'MandateRevoked',
      data: { mandateId, by: 'payer', revokedAt: at },
    };
    spec(mandateDecider).given([given]).when(begin).then([begun]);
    spec(mandateDecider)
      .given([given, begun])
      .when({ ...begin, bills: [] })
      .then([]);
    spec(mandateDecider).given([given, begun, revoked]).when(begin).then([]);
    spec(mandateDecider)
      .given([given])
      .when({ ...begin, due: day('2026-11-16') })
      .thenImpossible();
  });

  it('tries nothing again after its last day', () => {
    const until = day('2026-11-17');
    const short: MandateEvent = {
      type: 'MandateGiven',
      data: { ...terms, until, nextRun: run('2026-11-15') },
    };
    const first = ran(run('2026-11-15'), [failed], { nextRun: run('2026-11-16', 1, '2026-11-15') });
    spec(mandateDecider)
      .given([short, first])
      .when({ kind: 'recordRun', due: day('2026-11-16'), results: [failed], at })
      .then([ran(run('2026-11-16', 1, '2026-11-15'), [failed], { nextRun: null, exhausted: true })]);
  });

  it('is recorded once per day, and never on another day', () => {
    const first = ran(run('2026-11-15'), [paid], { nextRun: run('2026-12-15') });
    spec(mandateDecider)
      .given([given, first])
      .when({ kind: 'recordRun', due: day('2026-11-15'), results: [failed], at })
      .then([]);
    spec(mandateDecider)
      .given([given])
      .when({ kind: 'recordRun', due: day('2026-11-16'), results: [], at })
      .thenImpossible();
  });

  it('ends with its last day, or when it is revoked', () => {
    const until = day('2026-11-30');
    const short: MandateEvent = {
      type: 'MandateGiven',
      data: { ...terms, until, nextRun: run('2026-11-15') },
    };
    spec(mandateDecider)
      .given([short])
      .when({ kind: 'recordRun', due: day('2026-11-15'), results: [paid], at })
      .then([ran(run('2026-11-15'), [paid], { nextRun: null })]);
    const revoked: MandateEvent = {
      type: 'MandateRevoked',
      data: { mandateId, by: 'payer', revokedAt: at },
    };
    spec(mandateDecider).given([given]).when({ kind: 'revoke', by: 'payer', at }).then([revoked]);
    spec(mandateDecider).given([given, revoked]).when({ kind: 'revoke', by: 'payer', at }).then([]);
    spec(mandateDecider)
      .given([given])
      .when({ kind: 'give', ...terms, inputHash: 'b'.repeat(64) })
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });
});

describe('the schedule', () => {
  it('knows month and year ends', () => {
    const cases: readonly [number, string, string][] = [
      [28, '2026-02-28', '2026-02-28'],
      [1, '2026-12-02', '2027-01-01'],
      [15, '2026-01-31', '2026-02-15'],
      [28, '2028-02-29', '2028-03-28'],
    ];
    for (const [dayOfMonth, from, due] of cases) {
      const found = firstRunFrom({ dayOfMonth, from: day(from), until: null }, day(from));
      expect(found).toEqual(run(due));
    }
  });

  it('goes forward only, has one first day a month, and never lets a retry skip a month', () => {
    const start = day('2026-10-20');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 28 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 60 }),
        (dayOfMonth, days, outcomes) => {
          const retryAfterDays = days.sort((a, b) => a - b);
          const nextRun = firstRunFrom({ dayOfMonth, from: start, until: null }, start);
          let state: MandateState = {
            ...terms,
            dayOfMonth,
            retryAfterDays,
            status: 'active',
            nextRun,
            begun: null,
          };
          const firsts: LocalDate[] = [];
          for (const fails of outcomes) {
            if (state.status === 'absent' || state.nextRun === null) throw new Error('It has no last day.');
            const { due, attempt } = state.nextRun;
            if (attempt === 0) firsts.push(due);
            const command = { kind: 'recordRun', due, results: fails ? [failed] : [paid], at } as const;
            const decision = mandateDecider.decide(command, state);
            if (!decision.accepted) throw new Error(decision.rejection.code);
            for (const event of decision.events) state = mandateDecider.evolve(state, event);
            expect(state.status !== 'absent' && state.nextRun !== null && state.nextRun.due > due).toBe(true);
          }
          const months = firsts.map((first) => first.slice(0, 7));
          const expected = months.map((_, index) => addMonths(months[0]!, index));
          expect(months).toEqual(expected);
        },
      ),
    );
  });
});

function addMonths(month: string, count: number): string {
  let first = day(`${month}-01`);
  for (let index = 0; index < count; index += 1) first = day(`${addDays(first, 31).slice(0, 7)}-01`);
  return first.slice(0, 7);
}
