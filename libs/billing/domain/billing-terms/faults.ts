import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { parseFraction, type Money } from '#libs/kernel/money/index.js';
import type { LateFeeRule, PaymentPolicy, RebateRule } from '../bill/index.js';

/** Longest span of a rule, whole days. */
const MOST_DAYS = 36_500;

interface Fault {
  readonly path: readonly string[];
  readonly message: string;
}

/** What terms may not say. */
export function faultOf(terms: PaymentPolicy): Fault | undefined {
  const { minimumPartial, expiresAfterDays, lateFee, rebate } = terms;
  if (minimumPartial.amount <= 0n) return fault(['minimumPartial'], 'The smallest part is above zero.');
  if (expiresAfterDays !== undefined && !isDays(expiresAfterDays)) {
    return fault(['expiresAfterDays'], DAYS);
  }
  if (lateFee) {
    const found = faultOfLateFee(lateFee, minimumPartial);
    if (found) return found;
  }
  return rebate && faultOfRebate(rebate);
}

const DAYS = `Whole days, 0 to ${MOST_DAYS}.`;

function faultOfLateFee(rule: LateFeeRule, { asset }: Money): Fault | undefined {
  const { rate, graceDays, flat, minimum, maximum } = rule;
  if (!isBelowOne(rate)) {
    return fault(['lateFee', 'rate'], 'A fraction per day of less than one, such as 5/10000.');
  }
  if (!isDays(graceDays)) return fault(['lateFee', 'graceDays'], DAYS);
  for (const [name, bound] of Object.entries({ flat, minimum, maximum })) {
    if (bound && (bound.amount <= 0n || bound.asset !== asset)) {
      return fault(['lateFee', name], 'Above zero, in the currency of the terms.');
    }
  }
  if (minimum && maximum && minimum.amount > maximum.amount) {
    return fault(['lateFee', 'maximum'], 'Not below the minimum.');
  }
  return undefined;
}

function faultOfRebate({ share, untilDaysBeforeDue }: RebateRule): Fault | undefined {
  if (!isBelowOne(share)) return fault(['rebate', 'share'], 'A fraction of less than one, such as 2/100.');
  return isDays(untilDaysBeforeDue) ? undefined : fault(['rebate', 'untilDaysBeforeDue'], DAYS);
}

function isDays(days: number): boolean {
  return Number.isInteger(days) && days >= 0 && days <= MOST_DAYS;
}

function isBelowOne(text: string): boolean {
  try {
    const { numerator, denominator } = parseFraction(text);
    return numerator < denominator;
  } catch (error) {
    if (error instanceof InvalidInputError) return false;
    throw error;
  }
}

function fault(path: readonly string[], message: string): Fault {
  return { path, message };
}
