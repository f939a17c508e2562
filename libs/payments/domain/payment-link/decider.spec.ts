import { describe, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  paymentLinkDecider,
  type IssuedPaymentLink,
  type PaymentLinkCommand,
  type PaymentLinkEvent,
} from './index.js';

const at = parseInstant('2026-09-01T08:00:00.000Z');
const link: IssuedPaymentLink = {
  linkId: asId('link-1'),
  tenant: asId('demo'),
  organisationId: asId('school-1'),
  bills: [asId('bill-1'), asId('bill-2')],
  seed: 'seed-1',
  inputHash: 'hash-1',
  issuedAt: at,
  expiresAt: parseInstant('2026-09-08T08:00:00.000Z'),
};
const issued: PaymentLinkEvent = { type: 'PaymentLinkIssued', data: link };
const withdrawn: PaymentLinkEvent = {
  type: 'PaymentLinkWithdrawn',
  data: { linkId: link.linkId, reason: '已线下缴费', withdrawnAt: at },
};
const withdraw = (tenant = 'demo'): PaymentLinkCommand => ({
  kind: 'withdraw',
  tenant: asId(tenant),
  reason: '已线下缴费',
  at,
});

describe('a payment link', () => {
  it('is issued once for a key and its input', () => {
    spec(paymentLinkDecider)
      .given([])
      .when({ kind: 'issue', ...link })
      .then([issued]);
    spec(paymentLinkDecider)
      .given([issued])
      .when({ kind: 'issue', ...link })
      .then([]);
    spec(paymentLinkDecider)
      .given([issued])
      .when({ kind: 'issue', ...link, inputHash: 'hash-2' })
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('is withdrawn for good, by its own tenant', () => {
    spec(paymentLinkDecider)
      .given([issued])
      .when(withdraw())
      .then([withdrawn])
      .andState({ ...link, status: 'withdrawn' });
    spec(paymentLinkDecider).given([issued, withdrawn]).when(withdraw()).then([]);
    for (const history of [[], [issued]]) {
      spec(paymentLinkDecider)
        .given(history)
        .when(withdraw(history.length === 0 ? 'demo' : 'other'))
        .thenRejected({ code: 'PAYMENT_LINK_NOT_FOUND' });
    }
  });

  it('has no impossible history', () => {
    spec(paymentLinkDecider).given([withdrawn]).thenImpossible();
    spec(paymentLinkDecider).given([issued, issued]).thenImpossible();
    spec(paymentLinkDecider).given([issued, withdrawn, withdrawn]).thenImpossible();
  });
});
