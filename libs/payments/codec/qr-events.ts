import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type {
  BillId,
  OrganisationId,
  PayerCodeId,
  PaymentId,
  PaymentLinkId,
  QrCodeId,
  TenantId,
  WalletId,
} from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { PayerCodeShown } from '../domain/payer-code/index.js';
import type { PaymentLinkEvent } from '../domain/payment-link/index.js';
import type { QrCodeEvent, QrCodeKind } from '../domain/qr-code/index.js';

/** How the events of a merchant's code are stored: schemas/events/payments. */
export const qrCodeEvents = defineEvents<QrCodeEvent>('payments', {
  QrCodeIssued: {
    version: 1,
    encode: (data) => ({
      codeId: data.codeId,
      tenant: data.tenant,
      organisationId: data.organisationId,
      kind: data.kind,
      bills: data.bills,
      amount: data.amount && encodeMoney(data.amount),
      expiresAt: data.expiresAt,
      content: data.content,
      inputHash: data.inputHash,
      issuedAt: data.issuedAt,
    }),
    decode: (json) => ({
      codeId: codeIdOf(json),
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      kind: json['kind'] as QrCodeKind,
      bills: json['bills'] as unknown as readonly BillId[],
      amount: json['amount'] === null ? null : decodeMoney(json['amount']),
      expiresAt: json['expiresAt'] as Instant | null,
      content: json['content'] as string,
      inputHash: json['inputHash'] as string,
      issuedAt: json['issuedAt'] as Instant,
    }),
  },
  QrCodeUsed: {
    version: 1,
    encode: ({ codeId, paymentId, usedAt }) => ({ codeId, paymentId, usedAt }),
    decode: (json) => ({
      codeId: codeIdOf(json),
      paymentId: json['paymentId'] as PaymentId,
      usedAt: json['usedAt'] as Instant,
    }),
  },
  QrCodeUseGivenBack: {
    version: 1,
    encode: ({ codeId, paymentId, givenBackAt }) => ({ codeId, paymentId, givenBackAt }),
    decode: (json) => ({
      codeId: codeIdOf(json),
      paymentId: json['paymentId'] as PaymentId,
      givenBackAt: json['givenBackAt'] as Instant,
    }),
  },
  QrCodeWithdrawn: {
    version: 1,
    encode: ({ codeId, reason, withdrawnAt }) => ({ codeId, reason, withdrawnAt }),
    decode: (json) => ({
      codeId: codeIdOf(json),
      reason: json['reason'] as string,
      withdrawnAt: json['withdrawnAt'] as Instant,
    }),
  },
});

/** How a payer's one-time code is stored: schemas/events/payments. */
export const payerCodeEvents = defineEvents<PayerCodeShown>('payments', {
  PayerCodeShown: {
    version: 1,
    encode: (data) => ({
      codeId: data.codeId,
      tenant: data.tenant,
      walletId: data.walletId,
      subWalletId: data.subWalletId,
      owner: data.owner,
      limit: encodeMoney(data.limit),
      shownAt: data.shownAt,
      expiresAt: data.expiresAt,
    }),
    decode: (json) => ({
      codeId: json['codeId'] as PayerCodeId,
      tenant: json['tenant'] as TenantId,
      walletId: json['walletId'] as WalletId,
      subWalletId: json['subWalletId'] as string | null,
      owner: json['owner'] as string,
      limit: decodeMoney(json['limit']),
      shownAt: json['shownAt'] as Instant,
      expiresAt: json['expiresAt'] as Instant,
    }),
  },
});

/** How the events of a payment link are stored: schemas/events/payments. */
export const paymentLinkEvents = defineEvents<PaymentLinkEvent>('payments', {
  PaymentLinkIssued: {
    version: 1,
    encode: (data) => ({
      linkId: data.linkId,
      tenant: data.tenant,
      organisationId: data.organisationId,
      bills: data.bills,
      seed: data.seed,
      inputHash: data.inputHash,
      issuedAt: data.issuedAt,
      expiresAt: data.expiresAt,
    }),
    decode: (json) => ({
      linkId: linkIdOf(json),
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      bills: json['bills'] as unknown as readonly BillId[],
      seed: json['seed'] as string,
      inputHash: json['inputHash'] as string,
      issuedAt: json['issuedAt'] as Instant,
      expiresAt: json['expiresAt'] as Instant,
    }),
  },
  PaymentLinkWithdrawn: {
    version: 1,
    encode: ({ linkId, reason, withdrawnAt }) => ({ linkId, reason, withdrawnAt }),
    decode: (json) => ({
      linkId: linkIdOf(json),
      reason: json['reason'] as string,
      withdrawnAt: json['withdrawnAt'] as Instant,
    }),
  },
});

function codeIdOf(json: JsonObject): QrCodeId {
  return json['codeId'] as QrCodeId;
}

function linkIdOf(json: JsonObject): PaymentLinkId {
  return json['linkId'] as PaymentLinkId;
}
