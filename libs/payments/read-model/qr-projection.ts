import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import { paymentLinkEvents, qrCodeEvents } from '../codec/qr-events.js';
import type { PaymentLinkIssued } from '../domain/payment-link/index.js';
import type { QrCodeIssued } from '../domain/qr-code/index.js';
import { merchantCodeTable, paymentLinkTable } from './qr-tables.js';

/** Codes and links of organisations. Payers' codes live for a minute and are in no list. */
export const paymentCodesProjection: Projection = defineProjection({
  name: 'payment-codes',
  version: 1,
  tables: [merchantCodeTable, paymentLinkTable],
  parts: [
    on(qrCodeEvents, {
      QrCodeIssued: putCode,
      QrCodeUsed: ({ codeId, paymentId }, view) =>
        view.patch('merchant_code', { id: codeId }, { status: 'USED', payment_id: paymentId }),
      QrCodeUseGivenBack: ({ codeId, paymentId }, view) =>
        // Only what that payment had; another may have the code by now.
        view.patch(
          'merchant_code',
          { id: codeId, payment_id: paymentId },
          { status: 'OPEN', payment_id: null },
        ),
      QrCodeWithdrawn: ({ codeId }, view) =>
        view.patch('merchant_code', { id: codeId }, { status: 'WITHDRAWN' }),
    }),
    on(paymentLinkEvents, {
      PaymentLinkIssued: putLink,
      PaymentLinkWithdrawn: ({ linkId }, view) =>
        view.patch('payment_link', { id: linkId }, { status: 'WITHDRAWN' }),
    }),
  ],
});

function putCode(data: QrCodeIssued['data'], view: ViewWriter): void {
  view.put('merchant_code', {
    id: data.codeId,
    tenant: data.tenant,
    organisation_id: data.organisationId,
    kind: data.kind,
    status: 'OPEN',
    bills: JSON.stringify(data.bills),
    asset: data.amount?.asset ?? null,
    amount_minor: data.amount?.amount ?? null,
    expires_at: data.expiresAt,
    content: data.content,
    issued_at: data.issuedAt,
    payment_id: null,
  });
}

function putLink(data: PaymentLinkIssued['data'], view: ViewWriter): void {
  view.put('payment_link', {
    id: data.linkId,
    tenant: data.tenant,
    organisation_id: data.organisationId,
    status: 'OPEN',
    bills: JSON.stringify(data.bills),
    seed: data.seed,
    issued_at: data.issuedAt,
    expires_at: data.expiresAt,
  });
}
