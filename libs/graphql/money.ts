import { type Asset, type Money, currencyOf, formatDecimal, parseDecimal } from '#libs/kernel/money/index.js';
import { badInput } from './errors.js';

/** Currencies accepted in input, with their exponents after ISO 4217. */
const ASSETS: Readonly<Record<string, Asset>> = { CNY: 'CNY/2' };

export interface MoneyInput {
  readonly amount: string;
  readonly currency: string;
}

/**
 * @throws GraphQLError       `UNSUPPORTED_CURRENCY`
 * @throws InvalidInputError  `INVALID_AMOUNT`, such as three decimals of CNY
 */
export function readMoney(input: MoneyInput, path: readonly string[] = []): Money {
  const asset = Object.hasOwn(ASSETS, input.currency) ? ASSETS[input.currency] : undefined;
  if (!asset)
    throw badInput(
      'UNSUPPORTED_CURRENCY',
      `Amounts are taken in ${Object.keys(ASSETS).join(', ')} only.`,
      path,
    );
  return parseDecimal(input.amount, asset);
}

/** Resolvers of `Money` and `SignedMoney`; the source is the kernel's Money itself. */
export const moneyFields = {
  amount: (source: Money): string => formatDecimal(source),
  currency: (source: Money): string => currencyOf(source.asset),
};
