import type { Id } from '#libs/kernel/ids/index.js';
import { badInput } from './errors.js';

/** What a global id can name; clients treat the id as opaque, the kind inside keeps a bill's from passing as a payment's. */
export const KINDS = {
  Advance: 'ad',
  Approval: 'ap',
  Bill: 'b',
  Campaign: 'ca',
  CampaignSignUp: 'cu',
  Case: 'cs',
  Contract: 'rc',
  Course: 'co',
  CourseOrder: 'cr',
  FeeItem: 'f',
  Import: 'i',
  Mandate: 'md',
  MassRefund: 'mr',
  MerchantCode: 'mc',
  Organisation: 'o',
  Payment: 'p',
  PaymentLink: 'pl',
  PaymentQuote: 'pq',
  Receipt: 'r',
  Refund: 'rf',
  Student: 's',
  SubWallet: 'sw',
  Transfer: 't',
  HardWallet: 'hw',
  Upload: 'u',
  Voucher: 'vo',
  Wallet: 'w',
} as const;

export type Kind = keyof typeof KINDS;

/** Longest global id accepted; the longest made is far below. */
const MAX_LENGTH = 256;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
/** All that ids are made of; keeps NUL and the like out of stream names. */
const PRINTABLE = /^[\x20-\x7e]+$/;

export function globalId(kind: Kind, id: string): string {
  return Buffer.from(`${KINDS[kind]}:${id}`, 'utf8').toString('base64url');
}

/** @throws GraphQLError `INVALID_ID` when it was not made here or names another kind; tells nothing about existence. */
export function localId<Name extends string>(
  kind: Kind,
  text: string,
  path: readonly string[] = [],
): Id<Name> {
  if (text.length <= MAX_LENGTH && BASE64URL.test(text)) {
    const decoded = Buffer.from(text, 'base64url').toString('utf8');
    const prefix = `${KINDS[kind]}:`;
    // Encoding again refuses every second spelling of the same id.
    if (
      decoded.length > prefix.length &&
      decoded.startsWith(prefix) &&
      PRINTABLE.test(decoded) &&
      globalId(kind, decoded.slice(prefix.length)) === text
    ) {
      return decoded.slice(prefix.length) as Id<Name>;
    }
  }
  throw badInput('INVALID_ID', `This is not the id of a ${kind}.`, path);
}
