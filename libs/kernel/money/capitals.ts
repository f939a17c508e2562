import { InvalidInputError } from '../errors/index.js';
import type { Money } from './money.js';

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
/** Each unit counts with everything below it: 12,345 × 亿 is 壹万贰仟叁佰肆拾伍亿. */
const UNITS = [
  [100_000_000n, '亿'],
  [10_000n, '万'],
  [1_000n, '仟'],
  [100n, '佰'],
  [10n, '拾'],
] as const;

/**
 * A CNY amount in Chinese capitals 大写, as written on receipts, after the central bank's rules for
 * bills and settlement vouchers (《支付结算办法》附一): whole amounts end in 整, a zero inside is written
 * once, a zero jiao before fen is written. ¥1,409.50 → 壹仟肆佰零玖元伍角.
 *
 * @throws InvalidInputError `INVALID_AMOUNT` below zero or from ten quadrillion yuan on; `INVALID_ASSET` for another asset
 */
export function chineseCapitals({ asset, amount }: Money): string {
  if (asset !== 'CNY/2') throw new InvalidInputError('INVALID_ASSET', 'Capitals are defined for CNY/2 only.');
  if (amount < 0n || amount >= 10n ** 18n)
    throw new InvalidInputError('INVALID_AMOUNT', 'Amount out of range for capitals.');
  const yuan = amount / 100n;
  const jiao = Number((amount / 10n) % 10n);
  const fen = Number(amount % 10n);
  const whole = yuan > 0n ? `${wholeInCapitals(yuan)}元` : '';
  if (jiao === 0 && fen === 0) return `${whole || '零元'}整`;
  return whole + fractionInCapitals(yuan, jiao, fen);
}

function fractionInCapitals(yuan: bigint, jiao: number, fen: number): string {
  if (jiao === 0) return `${yuan > 0n ? '零' : ''}${DIGITS[fen]}分`;
  // The rules allow a zero when the yuan digit is zero and jiao is not (壹拾万柒仟元零伍角叁分).
  const bridge = yuan > 0n && yuan % 10n === 0n ? '零' : '';
  return `${bridge}${DIGITS[jiao]}角${fen === 0 ? '' : `${DIGITS[fen]}分`}`;
}

function wholeInCapitals(yuan: bigint): string {
  for (const [unit, name] of UNITS) {
    if (yuan < unit) continue;
    const rest = yuan % unit;
    const high = wholeInCapitals(yuan / unit) + name;
    if (rest === 0n) return high;
    return `${high}${rest < unit / 10n ? '零' : ''}${wholeInCapitals(rest)}`;
  }
  return DIGITS[Number(yuan)] ?? '';
}
