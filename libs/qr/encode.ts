import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { crc16Text } from './crc16.js';
import { decodeMerchantQr } from './decode.js';
import { INITIATION, type MerchantQr } from './merchant-qr.js';
import { writeField, writeFields, type QrField } from './tlv.js';

/**
 * The code's text, its tags in order. What it writes can be read back, or it does not write it.
 *
 * @throws InvalidInputError `INVALID_QR` when a value does not fit its tag
 */
export function encodeMerchantQr(qr: MerchantQr): string {
  const body = `${writeFields(topLevel(qr))}6304`;
  const text = body + crc16Text(body);
  const read = decodeMerchantQr(text);
  if (read.accepted) return text;
  const { code, message, details } = read.rejection;
  throw new InvalidInputError('INVALID_QR', `${code} ${details?.['tag'] ?? ''}: ${message}`);
}

function topLevel(qr: MerchantQr): readonly QrField[] {
  const fields: QrField[] = [
    { tag: '00', value: '01' },
    ...(qr.initiation ? [{ tag: '01', value: INITIATION[qr.initiation] }] : []),
    ...qr.accounts.map((account) =>
      'fields' in account ? { tag: account.tag, value: writeFields(account.fields) } : account,
    ),
    { tag: '52', value: qr.categoryCode },
    { tag: '53', value: qr.currencyCode },
    ...(qr.amount === undefined ? [] : [{ tag: '54', value: qr.amount }]),
    { tag: '58', value: qr.countryCode },
    { tag: '59', value: qr.merchantName },
    { tag: '60', value: qr.merchantCity },
    ...template('62', qr.additional),
    ...template('64', qr.localised),
    ...qr.others,
  ];
  return fields.sort((one, other) => (one.tag < other.tag ? -1 : 1));
}

function template(tag: string, fields: readonly QrField[]): readonly QrField[] {
  return fields.length === 0 ? [] : [{ tag, value: fields.map(writeField).join('') }];
}
