import type { PaymentId } from '#libs/kernel/ids/index.js';
import type { IssuedQrCode } from './messages.js';

interface Known extends IssuedQrCode {
  /** Payments that gave the code back; at most one per failed attempt on it. */
  readonly barred: ReadonlySet<PaymentId>;
}

export type KnownQrCode =
  | ({ readonly status: 'open' } & Known)
  | ({ readonly status: 'used'; readonly paymentId: PaymentId } & Known)
  | ({ readonly status: 'withdrawn' } & Known);

export type QrCodeState = { readonly status: 'absent' } | KnownQrCode;
