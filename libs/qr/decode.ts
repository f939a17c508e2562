import type { Outcome } from '#libs/kernel/errors/index.js';
import { crc16Text } from './crc16.js';
import { refusal, type QrFault, type QrRefusal } from './faults.js';
import {
  INITIATION,
  isAccount,
  isTemplateAccount,
  LONGEST_QR,
  type MerchantAccount,
  type MerchantQr,
} from './merchant-qr.js';
import { readFields, type QrField } from './tlv.js';

type Read<Value> = Outcome<Value, QrRefusal>;

const HEAD = '000201';
const TAIL = /6304([0-9A-F]{4})$/;
/** The CRC's own object. */
const TAIL_LENGTH = 8;
/** C0 and C1 control characters and DEL. */
const CONTROL = /\p{Cc}/u;

/** What each tag of one value allows; characters are code points. */
const FORMATS: Readonly<Record<string, RegExp>> = {
  '01': /^1[12]$/,
  '52': /^\d{4}$/,
  '53': /^\d{3}$/,
  '58': /^[A-Z]{2}$/,
  '59': /^.{1,25}$/u,
  '60': /^.{1,15}$/u,
};
const MANDATORY = ['52', '53', '58', '59', '60'] as const;
/** At most 13 characters in all; no leading zero but the one before the point. */
const AMOUNT = /^(?!0+(\.0+)?$)(?=.{1,13}$)(0|[1-9]\d*)(\.\d+)?$/;
const PARSED = new Set(['00', '01', '52', '53', '54', '58', '59', '60', '62', '63', '64']);

/** Reads a merchant-presented code, strictly: whatever is not as EMVCo says is refused with its reason. Throws nothing. */
export function decodeMerchantQr(text: string): Read<MerchantQr> {
  // Before anything else looks at it: a megabyte costs what a byte costs.
  if (text.length > LONGEST_QR) return refused('OVERSIZE', `A code has at most ${LONGEST_QR} characters.`);
  const damage = damageOf(text);
  if (damage) return { accepted: false, rejection: damage };
  const body = text.slice(0, -TAIL_LENGTH);
  const fields = readFields([...body]);
  return fields.accepted ? readTopLevel(fields.value) : fields;
}

function damageOf(text: string): QrRefusal | undefined {
  if (!text.isWellFormed() || CONTROL.test(text)) return refusal('NOT_TEXT', 'A code is plain text.');
  if (!text.startsWith(HEAD)) return refusal('NOT_EMV', 'A code begins with 000201.', '00');
  const crc = TAIL.exec(text)?.[1];
  if (crc === undefined) return refusal('CRC_MISSING', 'A code ends with its check sum.', '63');
  if (crc16Text(text.slice(0, -4)) === crc) return undefined;
  return refusal('CRC_WRONG', 'The check sum does not fit the code.', '63');
}

function readTopLevel(fields: readonly QrField[]): Read<MerchantQr> {
  const byTag = new Map(fields.map(({ tag, value }) => [tag, value]));
  const fault = faultIn(byTag);
  if (fault) return { accepted: false, rejection: fault };
  const accounts = readAccounts(fields.filter(({ tag }) => isAccount(tag)));
  if (!accounts.accepted) return accounts;
  const additional = readTemplate(byTag.get('62'), '62');
  if (!additional.accepted) return additional;
  const localised = readTemplate(byTag.get('64'), '64');
  if (!localised.accepted) return localised;
  const [initiation, amount] = [byTag.get('01'), byTag.get('54')];
  const qr: MerchantQr = {
    ...(initiation && { initiation: initiation === INITIATION.static ? 'static' : 'dynamic' }),
    accounts: accounts.value,
    categoryCode: byTag.get('52')!,
    currencyCode: byTag.get('53')!,
    ...(amount && { amount }),
    countryCode: byTag.get('58')!,
    merchantName: byTag.get('59')!,
    merchantCity: byTag.get('60')!,
    additional: additional.value,
    localised: localised.value,
    others: inOrder(fields.filter(({ tag }) => !isAccount(tag) && !PARSED.has(tag))),
  };
  return { accepted: true, value: qr };
}

function faultIn(byTag: ReadonlyMap<string, string>): QrRefusal | undefined {
  // The last object of the text is the check sum; another before it is one too many.
  if (byTag.has('63')) return refusal('TAG_REPEATED', 'A tag occurs twice.', '63');
  const missing = MANDATORY.find((tag) => !byTag.has(tag));
  if (missing) return refusal('TAG_MISSING', 'A code must have this tag.', missing);
  if (![...byTag.keys()].some(isAccount)) {
    return refusal('TAG_MISSING', 'A code names at least one merchant account.', '26');
  }
  for (const [tag, format] of Object.entries(FORMATS)) {
    const value = byTag.get(tag);
    if (value !== undefined && !format.test(value)) {
      return refusal('BAD_VALUE', 'The tag does not allow this value.', tag);
    }
  }
  const amount = byTag.get('54');
  if (amount === undefined || AMOUNT.test(amount)) return undefined;
  return refusal('BAD_AMOUNT', 'An amount is above zero, in digits with at most one point.', '54');
}

function readAccounts(found: readonly QrField[]): Read<readonly MerchantAccount[]> {
  const accounts: MerchantAccount[] = [];
  for (const { tag, value } of inOrder(found)) {
    if (!isTemplateAccount(tag)) {
      accounts.push({ tag, value });
      continue;
    }
    const fields = readTemplate(value, tag);
    if (!fields.accepted) return fields;
    if (fields.value[0]?.tag !== '00') {
      return refused('TAG_MISSING', 'A merchant account says first whose it is.', tag);
    }
    accounts.push({ tag, fields: fields.value });
  }
  return { accepted: true, value: accounts };
}

function readTemplate(value: string | undefined, tag: string): Read<readonly QrField[]> {
  if (value === undefined) return { accepted: true, value: [] };
  const fields = readFields([...value], tag);
  return fields.accepted ? { accepted: true, value: inOrder(fields.value) } : fields;
}

/** The order of objects says nothing; in the order of tags, two codes that say the same are the same. */
function inOrder(fields: readonly QrField[]): readonly QrField[] {
  return [...fields].sort((one, other) => (one.tag < other.tag ? -1 : 1));
}

function refused(code: QrFault, message: string, tag?: string) {
  return { accepted: false, rejection: refusal(code, message, tag) } as const;
}
