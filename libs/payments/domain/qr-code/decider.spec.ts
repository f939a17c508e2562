import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '#libs/kernel/decider/index.js';
import { asId, type PaymentId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { addMs, parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  qrCodeDecider,
  type IssuedQrCode,
  type QrCodeCommand,
  type QrCodeEvent,
  type QrCodeState,
} from './index.js';

const at = parseInstant('2026-09-01T08:00:00.000Z');
const expiresAt = addMs(at, 900_000);
const tenant = asId<'tenant'>('demo');
const code: IssuedQrCode = {
  codeId: asId('code-1'),
  tenant,
  organisationId: asId('school-1'),
  kind: 'dynamic',
  bills: [asId('bill-1')],
  amount: money(CNY, 14_095n),
  expiresAt,
  content: '000201…',
  inputHash: 'hash-1',
  issuedAt: at,
};
const onTheWall: IssuedQrCode = { ...code, kind: 'static', bills: [], amount: null, expiresAt: null };

const issueOf = ({ kind, ...rest }: IssuedQrCode): QrCodeCommand => ({
  kind: 'issue',
  codeKind: kind,
  ...rest,
});
const claim = (payment: string, total = 14_095n, when = at): QrCodeCommand => ({
  kind: 'claim',
  tenant,
  paymentId: asId(payment),
  total: money(CNY, total),
  at: when,
});
const giveBack = (payment: string): QrCodeCommand => ({ kind: 'giveBack', paymentId: asId(payment), at });
const withdraw: QrCodeCommand = { kind: 'withdraw', tenant, reason: '金额有误', at };

const issued: QrCodeEvent = { type: 'QrCodeIssued', data: code };
const posted: QrCodeEvent = { type: 'QrCodeIssued', data: onTheWall };
const used = (payment: string): QrCodeEvent => ({
  type: 'QrCodeUsed',
  data: { codeId: code.codeId, paymentId: asId(payment), usedAt: at },
});
const given = (payment: string): QrCodeEvent => ({
  type: 'QrCodeUseGivenBack',
  data: { codeId: code.codeId, paymentId: asId(payment), givenBackAt: at },
});
const withdrawn: QrCodeEvent = {
  type: 'QrCodeWithdrawn',
  data: { codeId: code.codeId, reason: '金额有误', withdrawnAt: at },
};

describe('a merchant’s code', () => {
  it('is issued once for a key and its input', () => {
    spec(qrCodeDecider).given([]).when(issueOf(code)).then([issued]);
    spec(qrCodeDecider).given([issued]).when(issueOf(code)).then([]);
    spec(qrCodeDecider)
      .given([issued])
      .when(issueOf({ ...code, inputHash: 'hash-2' }))
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('is used by the first payment that claims it, however often that claims', () => {
    spec(qrCodeDecider)
      .given([issued])
      .when(claim('p1'))
      .then([used('p1')]);
    spec(qrCodeDecider)
      .given([issued, used('p1')])
      .when(claim('p1'))
      .then([]);
    spec(qrCodeDecider)
      .given([issued, used('p1')])
      .when(claim('p2'))
      .thenRejected({ code: 'QR_USED' });
  });

  it('is free again when its payment gives it back, and closed to that payment', () => {
    spec(qrCodeDecider)
      .given([issued, used('p1')])
      .when(giveBack('p1'))
      .then([given('p1')]);
    spec(qrCodeDecider)
      .given([issued, used('p1'), given('p1')])
      .when(giveBack('p1'))
      .then([]);
    spec(qrCodeDecider)
      .given([issued, used('p1'), given('p1')])
      .when(claim('p2'))
      .then([used('p2')]);
    spec(qrCodeDecider)
      .given([issued, used('p1'), given('p1')])
      .when(claim('p1'))
      .thenRejected({ code: 'PAYMENT_ENDED' });
  });

  it('is closed to a payment that gave back before its claim arrived', () => {
    spec(qrCodeDecider)
      .given([issued])
      .when(giveBack('p1'))
      .then([given('p1')]);
    spec(qrCodeDecider)
      .given([issued, given('p1')])
      .when(claim('p1'))
      .thenRejected({ code: 'PAYMENT_ENDED' });
    spec(qrCodeDecider)
      .given([issued, used('p2')])
      .when(giveBack('p1'))
      .then([given('p1')])
      .andState({ status: 'used', ...code, paymentId: asId('p2'), barred: new Set([asId<'payment'>('p1')]) });
  });

  it('pays its amount, in its time, in its tenant', () => {
    spec(qrCodeDecider)
      .given([issued])
      .when(claim('p1', 14_094n))
      .thenRejected({ code: 'AMOUNT_MISMATCH', details: { expected: '140.95', actual: '140.94' } });
    spec(qrCodeDecider)
      .given([issued])
      .when(claim('p1', 14_095n, addMs(expiresAt, -1)))
      .then([
        {
          type: 'QrCodeUsed',
          data: { codeId: code.codeId, paymentId: asId('p1'), usedAt: addMs(expiresAt, -1) },
        },
      ]);
    spec(qrCodeDecider)
      .given([issued])
      .when(claim('p1', 14_095n, expiresAt))
      .thenRejected({ code: 'QR_EXPIRED' });
    for (const command of [claim('p1'), withdraw]) {
      spec(qrCodeDecider)
        .given([issued])
        .when({ ...command, tenant: asId<'tenant'>('other') } as QrCodeCommand)
        .thenRejected({ code: 'QR_NOT_FOUND' });
      spec(qrCodeDecider).given([]).when(command).thenRejected({ code: 'QR_NOT_FOUND' });
    }
    spec(qrCodeDecider).given([]).when(giveBack('p1')).then([]);
  });

  it('can be withdrawn while nobody has paid it', () => {
    spec(qrCodeDecider).given([issued]).when(withdraw).then([withdrawn]);
    spec(qrCodeDecider).given([issued, withdrawn]).when(withdraw).then([]);
    spec(qrCodeDecider).given([issued, withdrawn]).when(claim('p1')).thenRejected({ code: 'QR_WITHDRAWN' });
    spec(qrCodeDecider)
      .given([issued, used('p1')])
      .when(withdraw)
      .thenRejected({ code: 'QR_USED' });
  });

  it('on the wall is paid by everybody, until it is taken down', () => {
    spec(qrCodeDecider)
      .given([posted])
      .when(claim('p1', 1n, expiresAt))
      .then([]);
    spec(qrCodeDecider).given([posted]).when(giveBack('p1')).then([]);
    spec(qrCodeDecider).given([posted, withdrawn]).when(claim('p1')).thenRejected({ code: 'QR_WITHDRAWN' });
  });

  it('has no impossible history', () => {
    spec(qrCodeDecider)
      .given([used('p1')])
      .thenImpossible();
    spec(qrCodeDecider).given([issued, issued]).thenImpossible();
    spec(qrCodeDecider)
      .given([issued, used('p1'), used('p2')])
      .thenImpossible();
    spec(qrCodeDecider)
      .given([issued, given('p1'), given('p1')])
      .thenImpossible();
    spec(qrCodeDecider)
      .given([issued, used('p1'), withdrawn])
      .thenImpossible();
  });

  it('belongs to one payment at a time and never again to one that gave it back, in any order of steps', () => {
    const payments = ['p1', 'p2', 'p3'];
    const step = fc.oneof(
      fc.constantFrom(...payments).map((payment) => claim(payment)),
      fc.constantFrom(...payments).map(giveBack),
      fc.constant(withdraw),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let state: QrCodeState = fold(qrCodeDecider, [issued]);
        let holder: PaymentId | undefined;
        const over = new Set<PaymentId>();
        for (const command of steps) {
          const decision = qrCodeDecider.decide(command, state);
          if (decision.accepted) {
            for (const event of decision.events) state = qrCodeDecider.evolve(state, event);
            if (command.kind === 'claim') {
              expect(holder === undefined || holder === command.paymentId).toBe(true);
              expect(over.has(command.paymentId)).toBe(false);
              holder = command.paymentId;
            }
            if (command.kind === 'giveBack') {
              over.add(command.paymentId);
              if (holder === command.paymentId) holder = undefined;
            }
          }
        }
      }),
      { seed: 20_260_901, numRuns: 500 },
    );
  });
});
