import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY } from '#libs/kernel/money/index.js';
import { addMs, parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  added,
  massRefundDecider,
  type Figures,
  type MassRefundCommand,
  type MassRefundEvent,
  type WoundUp,
} from './index.js';

const at = parseInstant('2026-11-01T08:00:00Z');
const massRefundId = asId<'massRefund'>('m1');
const checker = { accountId: 'inspector-2', personId: 'person-2' };
const scope = {
  massRefundId,
  tenant: asId<'tenant'>('demo'),
  organisationId: asId<'organisation'>('school-1'),
  authorityId: asId<'organisation'>('bureau-1'),
  reason: '机构停业',
  requester: { accountId: 'inspector-1', personId: 'person-1' },
  approvalId: 'a1',
  contracts: 2,
};
const expiresAt = addMs(at, 7 * 86_400_000);
const request: MassRefundCommand = { kind: 'request', ...scope, at, expiresAt };
const requested: MassRefundEvent = { type: 'MassRefundRequested', data: { ...scope, at, expiresAt } };
const approved: MassRefundEvent = { type: 'MassRefundApproved', data: { massRefundId, at, checker } };
const declined: MassRefundEvent = { type: 'MassRefundDeclined', data: { massRefundId, at, checker } };
const outcome = (contractId: string, change: Partial<WoundUp> = {}): WoundUp => ({
  contractId: asId(contractId),
  templateId: 'tuition-per-lesson',
  subject: 'courseOrder-1',
  funder: 'payer-1',
  asset: CNY,
  heldBefore: 100n,
  refunded: 70n,
  released: 10n,
  owed: 20n,
  status: 'closing',
  code: null,
  ...change,
});
const record = (outcomes: readonly WoundUp[]): MassRefundCommand => ({
  kind: 'record',
  round: 1,
  after: asId('c1'),
  outcomes,
  at,
});
const progressed = (outcomes: readonly WoundUp[], figures: Figures): MassRefundEvent => ({
  type: 'MassRefundProgressed',
  data: { massRefundId, at, round: 1, after: asId('c1'), outcomes, figures },
});
const figures: Figures = {
  contracts: 1,
  left: 0,
  sums: [{ asset: CNY, heldBefore: 100n, refunded: 70n, released: 10n, owed: 20n }],
};
const completed: MassRefundEvent = { type: 'MassRefundCompleted', data: { massRefundId, at, figures } };
const refund = spec(massRefundDecider);

describe('a mass refund', () => {
  it('is asked for once, decided once, and does nothing before it is agreed to', () => {
    refund.given([]).when(request).then([requested]);
    refund.given([requested]).when(request).then([]);
    refund
      .given([requested])
      .when({ ...request, reason: '其他' } as MassRefundCommand)
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    refund.given([]).when({ kind: 'complete', at }).thenRejected({ code: 'MASS_REFUND_NOT_FOUND' });
    refund.given([requested]).when({ kind: 'approve', checker, at }).then([approved]);
    refund.given([requested]).when({ kind: 'decline', checker, at }).then([declined]);
    refund.given([requested, declined]).when({ kind: 'approve', checker, at }).then([]);
    refund.given([requested, approved]).when({ kind: 'decline', checker, at }).then([]);
    for (const history of [[requested], [requested, declined]]) {
      refund
        .given(history)
        .when(record([outcome('c1')]))
        .then([]);
      refund.given(history).when({ kind: 'complete', at }).then([]);
    }
  });

  it('notes page by page what was done, with the figures so far, until it is complete', () => {
    const page = progressed([outcome('c1')], figures);
    refund
      .given([requested, approved])
      .when(record([outcome('c1')]))
      .then([page])
      .andState({
        status: 'running',
        ...scope,
        requestedAt: at,
        expiresAt,
        place: { round: 1, after: asId('c1') },
        pages: 1,
        figures,
      });
    const left = outcome('c2', {
      refunded: 0n,
      released: 0n,
      owed: 100n,
      status: 'frozen',
      code: 'CONTRACT_FROZEN',
    });
    refund
      .given([requested, approved, page])
      .when(record([left]))
      .then([
        progressed([left], {
          contracts: 2,
          left: 1,
          sums: [{ asset: CNY, heldBefore: 200n, refunded: 70n, released: 10n, owed: 120n }],
        }),
      ]);
    refund.given([requested, approved, page]).when({ kind: 'complete', at }).then([completed]);
    refund.given([requested, approved, page, completed]).when({ kind: 'complete', at }).then([]);
    refund
      .given([requested, approved, page, completed])
      .when(record([left]))
      .then([]);
  });

  it('has no other history', () => {
    refund.given([requested, requested]).thenImpossible();
    refund.given([approved]).thenImpossible();
    refund.given([requested, completed]).thenImpossible();
    refund.given([requested, approved, approved]).thenImpossible();
  });

  it('has figures that are the sums of its rows, however they are cut into pages', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
    const rows = fc.array(
      fc.record({
        refunded: amount,
        released: amount,
        owed: amount,
        asset: fc.constantFrom('CNY/2', 'USD/2'),
        isLeft: fc.boolean(),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 7 }), (made, perPage) => {
        const outcomes = made.map(({ isLeft, asset, ...amounts }, index) =>
          outcome(`c${index}`, {
            ...amounts,
            asset: asset as WoundUp['asset'],
            heldBefore: amounts.refunded + amounts.released + amounts.owed,
            code: isLeft ? 'CONTRACT_FROZEN' : null,
          }),
        );
        let so: Figures = { contracts: 0, left: 0, sums: [] };
        for (let from = 0; from < outcomes.length; from += perPage) {
          so = added(so, outcomes.slice(from, from + perPage));
        }
        expect(so.contracts).toBe(outcomes.length);
        expect(so.left).toBe(made.filter(({ isLeft }) => isLeft).length);
        for (const sum of so.sums) {
          const own = outcomes.filter(({ asset }) => asset === sum.asset);
          const total = (name: 'refunded' | 'released' | 'owed' | 'heldBefore') =>
            own.reduce((whole, row) => whole + row[name], 0n);
          expect([sum.refunded, sum.released, sum.owed]).toEqual([
            total('refunded'),
            total('released'),
            total('owed'),
          ]);
          expect(sum.heldBefore).toBe(sum.refunded + sum.released + sum.owed);
        }
      }),
      { numRuns: 60 },
    );
  });
});
