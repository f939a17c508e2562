import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import type { LateFeeRule, PaymentPolicy } from '../bill/index.js';
import {
  billingTermsDecider,
  DEFAULT_TERMS,
  termsOn,
  type BillingTermsEvent,
  type SetBillingTerms,
} from './index.js';

const fen = (minor: number) => money(CNY, BigInt(minor));
const day = parseLocalDate;
const plain: PaymentPolicy = { partialAllowed: false, minimumPartial: fen(1) };
const rule: LateFeeRule = { rate: '5/10000', graceDays: 0, order: 'lateFeeFirst' };

const set: SetBillingTerms = {
  kind: 'set',
  tenant: asId('demo'),
  organisationId: asId('school-1'),
  effectiveFrom: day('2026-09-01'),
  terms: plain,
  requestId: 'k1',
  today: day('2026-09-01'),
  at: parseInstant('2026-09-01T01:00:00.000Z'),
};

function version(change: Partial<SetBillingTerms> = {}): BillingTermsEvent {
  const { kind: _kind, today: _today, at: setAt, ...data } = { ...set, ...change };
  return { type: 'BillingTermsSet', data: { ...data, setAt } };
}

describe('billing terms', () => {
  it('are set from today on, once per key', () => {
    spec(billingTermsDecider).given([]).when(set).then([version()]);
    spec(billingTermsDecider)
      .given([version()])
      .when({ ...set, terms: { ...plain, lateFee: undefined } })
      .then([]);
    for (const change of [{ effectiveFrom: day('2026-09-02') }, { terms: DEFAULT_TERMS }]) {
      spec(billingTermsDecider)
        .given([version()])
        .when({ ...set, ...change })
        .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    }
  });

  it('never change the past, nor what is another tenant’s', () => {
    spec(billingTermsDecider)
      .given([])
      .when({ ...set, effectiveFrom: day('2026-08-31') })
      .thenRejected({ code: 'INVALID_TERMS', path: ['effectiveFrom'] });
    spec(billingTermsDecider)
      .given([version()])
      .when({ ...set, tenant: asId('other'), requestId: 'k2' })
      .thenRejected({ code: 'FORBIDDEN' });
  });

  it('hold from their day on; of one day those set last', () => {
    const other = { ...plain, minimumPartial: fen(500) };
    const corrected = { ...plain, minimumPartial: fen(700) };
    const state = fold(billingTermsDecider, [
      version({ effectiveFrom: day('2026-10-01'), terms: other, requestId: 'k2' }),
      version(),
      version({ effectiveFrom: day('2026-10-01'), terms: corrected, requestId: 'k3' }),
    ]);
    const on = (text: string) => termsOn(state, day(text));
    expect(on('2026-08-31')).toEqual(DEFAULT_TERMS);
    expect(on('2026-09-01')).toEqual(plain);
    expect(on('2026-09-30')).toEqual(plain);
    expect(on('2026-10-01')).toEqual(corrected);
  });

  it.each<[string, Partial<PaymentPolicy>, readonly string[]]>([
    ['no smallest part', { minimumPartial: fen(0) }, ['minimumPartial']],
    ['an expiry before the due date', { expiresAfterDays: -1 }, ['expiresAfterDays']],
    ['an expiry within a day', { expiresAfterDays: 0.5 }, ['expiresAfterDays']],
    ['a rate that is a decimal', { lateFee: { ...rule, rate: '0.0005' } }, ['lateFee', 'rate']],
    ['a rate of all', { lateFee: { ...rule, rate: '1/1' } }, ['lateFee', 'rate']],
    ['grace without end', { lateFee: { ...rule, graceDays: 36_501 } }, ['lateFee', 'graceDays']],
    ['a flat sum of nothing', { lateFee: { ...rule, flat: fen(0) } }, ['lateFee', 'flat']],
    [
      'a maximum in another currency',
      { lateFee: { ...rule, maximum: money('USD/2', 1n) } },
      ['lateFee', 'maximum'],
    ],
    [
      'a maximum below the minimum',
      { lateFee: { ...rule, minimum: fen(2), maximum: fen(1) } },
      ['lateFee', 'maximum'],
    ],
    ['a rebate of everything', { rebate: { share: '2/2', untilDaysBeforeDue: 0 } }, ['rebate', 'share']],
    [
      'a rebate after the due date',
      { rebate: { share: '1/2', untilDaysBeforeDue: -1 } },
      ['rebate', 'untilDaysBeforeDue'],
    ],
  ])('refuse %s', (_what, change, path) => {
    spec(billingTermsDecider)
      .given([])
      .when({ ...set, terms: { ...plain, ...change } })
      .thenRejected({ code: 'INVALID_TERMS', path });
  });
});
