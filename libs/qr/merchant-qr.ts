import type { QrField } from './tlv.js';

/**
 * What a merchant-presented code says: EMVCo, QR Code Specification for Payment Systems, Merchant-Presented Mode, 1.1.
 * Every list is in the order of tags, each tag once.
 */
export interface MerchantQr {
  /** Tag 01. Static: one code for many payments; dynamic: for this one. Absent: not said. */
  readonly initiation?: 'static' | 'dynamic';
  /** Tags 02 to 51; at least one. */
  readonly accounts: readonly MerchantAccount[];
  /** Tag 52, ISO 18245, four digits. */
  readonly categoryCode: string;
  /** Tag 53, ISO 4217 numeric: `156` is CNY. */
  readonly currencyCode: string;
  /** Tag 54: above zero, at most 13 characters, `23.72`. */
  readonly amount?: string;
  /** Tag 58, ISO 3166-1 alpha 2. */
  readonly countryCode: string;
  /** Tag 59, at most 25 characters. */
  readonly merchantName: string;
  /** Tag 60, at most 15 characters. */
  readonly merchantCity: string;
  /** Tag 62: bill number 01, reference 05, terminal 07 … */
  readonly additional: readonly QrField[];
  /** Tag 64: language 00, name 01 and city 02 in it. */
  readonly localised: readonly QrField[];
  /** Everything else, as it is: 55 to 57, 61, 65 to 99. */
  readonly others: readonly QrField[];
}

/** 02 to 25 hold one value of a card scheme; 26 to 51 a template, whose field 00 says whose it is. */
export type MerchantAccount =
  | { readonly tag: string; readonly value: string }
  | { readonly tag: string; readonly fields: readonly QrField[] };

/** Longest code, characters (EMVCo 1.1, section 3.6). */
export const LONGEST_QR = 512;

export const INITIATION = { static: '11', dynamic: '12' } as const;

export function isTemplateAccount(tag: string): boolean {
  return tag >= '26' && tag <= '51';
}

export function isAccount(tag: string): boolean {
  return tag >= '02' && tag <= '51';
}
