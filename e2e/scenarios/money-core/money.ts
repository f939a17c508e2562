import { NotAsItShouldBe } from './holds.js';

export interface Money {
  readonly amount: string;
}

/** `"-12.05"` → -1205; our own reading, as a check on the product's. */
export function fen(amount: string): bigint {
  const match = /^(-?)(\d+)\.(\d{2})$/.exec(amount);
  if (!match) throw new NotAsItShouldBe(`"${amount}" is no amount of CNY`);
  return BigInt(`${match[1]}${match[2]}${match[3]}`);
}

/** 1205 → `"12.05"` */
export function yuan(amountFen: bigint): string {
  const digits = String(amountFen < 0n ? -amountFen : amountFen).padStart(3, '0');
  return `${amountFen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function sumOf(amounts: readonly string[]): string {
  return yuan(amounts.reduce((sum, amount) => sum + fen(amount), 0n));
}

export function plus(amount: string, ...more: readonly string[]): string {
  return sumOf([amount, ...more]);
}

export function minus(amount: string, less: string): string {
  return yuan(fen(amount) - fen(less));
}
