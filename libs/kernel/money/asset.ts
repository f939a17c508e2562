import { InvalidInputError } from '../errors/index.js';

/** An asset written with its exponent, `CNY/2`: ISO 4217 code and the number of minor-unit digits. */
export type Asset = `${string}/${number}`;

export const CNY: Asset = 'CNY/2';

const ASSET = /^[A-Z]{3,10}\/(\d{1,2})$/;

/** @throws InvalidInputError `INVALID_ASSET` */
export function exponentOf(asset: Asset): number {
  const match = ASSET.exec(asset);
  if (!match) throw new InvalidInputError('INVALID_ASSET', `"${asset}" is not an asset such as CNY/2.`);
  return Number(match[1]);
}

export function currencyOf(asset: Asset): string {
  return asset.slice(0, asset.indexOf('/'));
}
