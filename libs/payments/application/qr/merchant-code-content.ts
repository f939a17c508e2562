import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { asId, type QrCodeId } from '#libs/kernel/ids/index.js';
import { formatDecimal, type Money } from '#libs/kernel/money/index.js';
import { epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import { decodeMerchantQr, encodeMerchantQr, type MerchantQr, type QrField } from '#libs/qr/index.js';

/** Tag 26 of our codes: whose template it is, as a reversed domain name (EMVCo 1.1, table 4.2). */
const OWNER = 'invalid.sluice';
const TEMPLATE = '26';
const FIELD = { owner: '00', codeId: '01', expiry: '02', seal: '03' } as const;

/** ISO 18245: schools and educational services not elsewhere classified. */
const CATEGORY = '8299';
/** ISO 4217 numeric. */
const CNY_NUMERIC = '156';
const CITY = 'CHINA';
const LONGEST_NAME = 25;

const CODE_ID = /^[0-9a-f]{32}$/;
const SEAL = /^[0-9A-HJKMNP-TV-Z]{16}$/;

/** What a code of ours says, before it is sealed. */
export interface CodeFacts {
  readonly codeId: QrCodeId;
  readonly kind: 'static' | 'dynamic';
  readonly nameZh: string;
  readonly nameEn: string;
  readonly amount: Money | null;
  readonly expiresAt: Instant | null;
}

/** @param seal gets the whole text without its seal; 16 characters */
export function contentOf(facts: CodeFacts, seal: (text: string) => string): string {
  const unsealed = unsealedQr(facts);
  return encodeMerchantQr(withSeal(unsealed, seal(encodeMerchantQr(unsealed))));
}

export interface ReadContent {
  readonly codeId: QrCodeId;
  /** What the seal must be of. */
  readonly sealedText: string;
  readonly seal: string;
  readonly merchantName: string;
}

/** Takes a scanned text apart; whether its seal is right is not looked at here. */
export function readContent(text: string): Outcome<ReadContent, Rejection<'QR_UNREADABLE' | 'QR_FORGED'>> {
  const read = decodeMerchantQr(text);
  if (!read.accepted) return unreadable(read.rejection.code, read.rejection.message);
  const qr = read.value;
  const fields = ourTemplate(qr);
  if (!fields) return unreadable('NOT_OURS', 'The code is another network’s.');
  const values = new Map(fields.map(({ tag, value }) => [tag, value]));
  const [codeId = '', seal = ''] = [values.get(FIELD.codeId), values.get(FIELD.seal)];
  if (!CODE_ID.test(codeId) || !SEAL.test(seal)) {
    return { accepted: false, rejection: { code: 'QR_FORGED', message: 'The code is not one of ours.' } };
  }
  return {
    accepted: true,
    value: {
      codeId: uuidOf(codeId),
      sealedText: encodeMerchantQr(withSeal(qr, undefined)),
      seal,
      merchantName: qr.localised.find(({ tag }) => tag === '01')?.value ?? qr.merchantName,
    },
  };
}

function unsealedQr({ codeId, kind, nameZh, nameEn, amount, expiresAt }: CodeFacts): MerchantQr {
  const fields: QrField[] = [
    { tag: FIELD.owner, value: OWNER },
    { tag: FIELD.codeId, value: codeId.replaceAll('-', '') },
    ...(expiresAt === null ? [] : [{ tag: FIELD.expiry, value: String(epochMsOf(expiresAt) / 1_000) }]),
  ];
  return {
    initiation: kind,
    accounts: [{ tag: TEMPLATE, fields }],
    categoryCode: CATEGORY,
    currencyCode: CNY_NUMERIC,
    ...(amount === null ? {} : { amount: formatDecimal(amount) }),
    countryCode: 'CN',
    merchantName: shortened(nameEn.replaceAll(/[^\x20-\x7e]/g, ''), 'MERCHANT'),
    merchantCity: CITY,
    additional: [],
    localised: [
      { tag: '00', value: 'ZH' },
      { tag: '01', value: shortened(nameZh.replaceAll(/\p{C}/gu, ''), '商户') },
    ],
    others: [],
  };
}

/** The same code with this seal, or without any. */
function withSeal(qr: MerchantQr, seal: string | undefined): MerchantQr {
  const added = seal === undefined ? [] : [{ tag: FIELD.seal, value: seal }];
  const accounts = qr.accounts.map((account) => {
    if (!('fields' in account) || account.fields[0]?.value !== OWNER) return account;
    return { ...account, fields: [...account.fields.filter(({ tag }) => tag !== FIELD.seal), ...added] };
  });
  return { ...qr, accounts };
}

function ourTemplate({ accounts }: MerchantQr): readonly QrField[] | undefined {
  for (const account of accounts) {
    if ('fields' in account && account.fields[0]?.value === OWNER) return account.fields;
  }
  return undefined;
}

function shortened(name: string, otherwise: string): string {
  const short = [...name.trim()].slice(0, LONGEST_NAME).join('').trim();
  return short === '' ? otherwise : short;
}

function uuidOf(hex: string): QrCodeId {
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return asId<'qrCode'>(groups.join('-'));
}

function unreadable(reason: string, message: string) {
  return {
    accepted: false,
    rejection: { code: 'QR_UNREADABLE', message, path: ['content'], details: { reason } },
  } as const;
}
