import type { Instant } from '#libs/kernel/time/index.js';
import type { MerchantCodeStatus, MerchantCodeView } from '../../contract/index.js';
import type { KnownQrCode } from '../../domain/qr-code/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';

/** The code as it is now, from the write side. */
export function merchantCodeViewOf(code: KnownQrCode, at: Instant): MerchantCodeView {
  const { codeId, organisationId, kind, bills, amount, expiresAt, content, issuedAt } = code;
  const status = statusOf(code, at);
  return { id: codeId, organisationId, kind, status, bills, amount, expiresAt, content, issuedAt };
}

function statusOf(code: KnownQrCode, at: Instant): MerchantCodeStatus {
  switch (code.status) {
    case 'used':
      return 'USED';
    case 'withdrawn':
      return 'WITHDRAWN';
    case 'open':
      return code.expiresAt !== null && at >= code.expiresAt ? 'EXPIRED' : 'OPEN';
    default:
      return assertNever(code, 'status of a code');
  }
}
