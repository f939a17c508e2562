import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { addDays, localDateOf, type Instant } from '#libs/kernel/time/index.js';
import type { Tender } from '../../domain/payment/index.js';
import { passesLuhn } from '../../domain/payer-code/index.js';
import { refused, type ReadOutcome } from './read-outcome.js';

/** Days a cheque may be presented from its date on (Payment and Settlement Measures of 1997, article 128). */
const CHEQUE_DAYS = 10;
const CHEQUE_NUMBER = /^[0-9A-Z]{6,12}$/;
const LONGEST_BANK = 80;
const TERMINAL = /^[0-9A-Za-z-]{4,20}$/;
const APPROVAL_CODE = /^[0-9A-Za-z]{4,12}$/;
/** Whatever an institution may call an account. */
const PAYER_TOKEN = /^[0-9A-Za-z._:-]{1,120}$/;
/** ISO/IEC 7812: 13 to 19 digits, however they are grouped. */
const CARD_NUMBER = /\d(?:[\s\p{P}\p{S}]{0,3}\d){12,18}/gu;
/** What is longer than anything we take, UTF-16 code units, is refused for its shape and need not be looked through. */
const LONGEST_LOOKED_THROUGH = 200;

/** What can be told about the means of payment at once. @throws InvalidInputError */
export function methodRefusal(method: Tender, at: Instant): ReadOutcome | undefined {
  switch (method.channel) {
    case 'wallet':
      if (isUuid(method.walletId)) return undefined;
      return refused('WALLET_NOT_FOUND', 'There is no such wallet.', pathTo('wallet'));
    case 'cash':
      return undefined;
    case 'cheque':
      return cardRefusal('cheque', method.chequeNumber, method.bank) ?? chequeRefusal(method, at);
    case 'pos': {
      const { terminalId, approvalCode } = method;
      const refusal = cardRefusal('pos', terminalId, approvalCode);
      if (refusal) return refusal;
      if (!TERMINAL.test(terminalId)) throw invalid('INVALID_TERMINAL', 'pos', 'terminalId');
      if (!APPROVAL_CODE.test(approvalCode)) throw invalid('INVALID_APPROVAL_CODE', 'pos', 'approvalCode');
      return undefined;
    }
    case 'operator': {
      const refusal = cardRefusal('operator', method.payerToken);
      if (!refusal && !PAYER_TOKEN.test(method.payerToken)) {
        throw invalid('INVALID_PAYER_TOKEN', 'operator', 'payerToken');
      }
      return refusal;
    }
    case 'transfer':
    case 'advance':
    case 'offline':
    case 'suspense':
      return undefined;
  }
}

function chequeRefusal(
  { chequeNumber, bank, chequeDate }: Extract<Tender, { channel: 'cheque' }>,
  at: Instant,
): ReadOutcome | undefined {
  const today = localDateOf(at);
  const refuse = (message: string, field: string, details: Readonly<Record<string, string>> = {}) =>
    refused('CHEQUE_NOT_ACCEPTABLE', message, [...pathTo('cheque'), field], details);
  if (!CHEQUE_NUMBER.test(chequeNumber)) {
    return refuse('A cheque number has 6 to 12 digits or capital letters.', 'number');
  }
  if (bank.trim() === '' || bank.length > LONGEST_BANK) {
    return refuse(`The bank is named in 1 to ${LONGEST_BANK} characters.`, 'bank');
  }
  if (chequeDate > today) return refuse('The cheque is dated in the future.', 'date', { today });
  if (addDays(chequeDate, CHEQUE_DAYS) < today) {
    return refuse(`A cheque is good for ${CHEQUE_DAYS} days from its date.`, 'date', { today });
  }
  return undefined;
}

/** Never stored, never logged: not even in a refusal. */
function cardRefusal(method: string, ...texts: readonly string[]): ReadOutcome | undefined {
  const short = texts.filter((text) => text.length <= LONGEST_LOOKED_THROUGH);
  if (!short.some(holdsCardNumber)) return undefined;
  return refused('CARD_NUMBER_REFUSED', 'Card numbers are never taken.', pathTo(method));
}

export function holdsCardNumber(given: string): boolean {
  // Full-width digits are digits to whoever reads them.
  const text = given.normalize('NFKC');
  // Each start counts: a longer run of digits may hide a number in its middle.
  for (let start = 0; start < text.length; start += 1) {
    CARD_NUMBER.lastIndex = start;
    const found = CARD_NUMBER.exec(text);
    if (!found) return false;
    const digits = found[0].replace(/\D/g, '');
    for (let length = 13; length <= digits.length; length += 1) {
      if (passesLuhn(digits.slice(0, length))) return true;
    }
    start = found.index;
  }
  return false;
}

function pathTo(method: string): readonly string[] {
  return ['input', 'method', method];
}

function invalid(code: string, method: string, field: string): InvalidInputError {
  return new InvalidInputError(code, 'Only letters, digits and dashes, and not too many of them.', [
    ...pathTo(method),
    field,
  ]);
}
