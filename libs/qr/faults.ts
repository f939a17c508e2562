import type { Rejection } from '#libs/kernel/errors/index.js';

/** Why a text is no merchant-presented code. */
export type QrFault =
  /** More than 512 characters; nothing of it was looked at. */
  | 'OVERSIZE'
  /** No text of Unicode characters, or one with control characters. */
  | 'NOT_TEXT'
  /** Does not begin with the payload format indicator `000201`. */
  | 'NOT_EMV'
  /** Does not end with `6304` and four upper-case hexadecimal digits. */
  | 'CRC_MISSING'
  | 'CRC_WRONG'
  /** Tag or length is not two digits, or the length is zero. */
  | 'TLV_MALFORMED'
  /** A length that reaches beyond the end of what holds it. */
  | 'TLV_OVERRUN'
  | 'TAG_REPEATED'
  /** One of 00, 52, 53, 58, 59, 60, 63 or every merchant account (02 to 51) is missing. */
  | 'TAG_MISSING'
  /** A value that its tag does not allow. */
  | 'BAD_VALUE'
  | 'BAD_AMOUNT';

/** `details.tag` names the tag where that helps. */
export type QrRefusal = Rejection<QrFault>;

export function refusal(code: QrFault, message: string, tag?: string): QrRefusal {
  return tag === undefined ? { code, message } : { code, message, details: { tag } };
}
