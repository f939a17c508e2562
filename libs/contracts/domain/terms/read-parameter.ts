import { assertNever, InvalidInputError } from '#libs/kernel/errors/index.js';
import { parseFraction, type Fraction } from '#libs/kernel/money/index.js';
import { parseInstant, type Instant } from '#libs/kernel/time/index.js';
import { parseDuration, type Duration } from '../calendar/index.js';
import type { AttestorKey, Parameter, ParameterType, ParameterValue } from '../template/types.js';
import type { ParameterProblem } from './problems.js';

/** A parameter's value, read. */
export type Typed =
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'time'; readonly value: Instant }
  | { readonly type: 'duration'; readonly value: Duration }
  | { readonly type: 'ratio'; readonly value: Fraction }
  | { readonly type: 'integers'; readonly value: readonly bigint[] }
  | { readonly type: 'texts'; readonly value: readonly string[] }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'keys'; readonly value: readonly AttestorKey[] };

type Problem = Omit<ParameterProblem, 'parameter'>;
export type Reading = { readonly typed: Typed } | { readonly problem: Problem };

/** 18 digits: more than any asset's money, far below what a sum of products could overflow in a store. */
const INTEGER = /^(0|[1-9]\d{0,17})$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$/;
const MERCHANT_CODE = /^\d{4}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
/** Base64url of the raw key: 32 bytes; 65 bytes that begin with 0x04, an uncompressed point. */
const KEY_FORMS = { Ed25519: /^[A-Za-z0-9_-]{43}$/, SM2: /^B[A-Za-z0-9_-]{86}$/ } as const;
const MOST_KEYS = 16;
const MOST_AMOUNTS = 120;
const MOST_IDS = 500;
/** Outside these years somebody has mistyped; and durations added to them stay moments that can be written. */
const FIRST_MOMENT = '2000-01-01T00:00:00.000Z';
const LAST_MOMENT = '2200-01-01T00:00:00.000Z';

/** What each type is written as, without words of any language. */
const FORMS: Readonly<Record<ParameterType, string>> = {
  amount: '0 … 999999999999999999',
  count: '0 … 999999999999999999',
  time: '2026-09-01T00:00:00+08:00 (2000 … 2199)',
  duration: 'P3D, PT48H, P1M, 3WD',
  id: '[A-Za-z0-9][A-Za-z0-9._:-]{0,79}',
  keys: `{keyId, alg: Ed25519 | SM2, publicKey: base64url} × 1 … ${MOST_KEYS}`,
  ratio: '53/1',
  amounts: `1 … 999999999999999999 × 1 … ${MOST_AMOUNTS}`,
  ids: `[A-Za-z0-9][A-Za-z0-9._:-]{0,79} × 1 … ${MOST_IDS}, *`,
  codes: `0000 … 9999 × 1 … ${MOST_IDS}, *`,
  hash: '[0-9a-f]{64}',
};

/** In a list of merchants or categories: any. */
export const ANY = '*';

export function readParameter(
  parameter: Pick<Parameter, 'type' | 'min' | 'max'>,
  given: ParameterValue,
): Reading {
  const { type } = parameter;
  switch (type) {
    case 'amount':
    case 'count':
      return typeof given === 'string' && INTEGER.test(given)
        ? bounded(BigInt(given), parameter)
        : malformed(type, given);
    case 'time':
    case 'duration':
    case 'ratio':
    case 'id':
    case 'hash':
      return typeof given === 'string' ? readText(type, given) : malformed(type, given);
    case 'amounts':
    case 'ids':
    case 'codes':
      return Array.isArray(given) ? readTexts(type, given) : malformed(type, given);
    case 'keys':
      return Array.isArray(given) ? readKeys(given) : malformed(type, given);
    default: {
      // A template that the schema has not seen.
      const unknown: never = type;
      return { problem: { fault: 'WRONG_TYPE', given: shown(unknown) } };
    }
  }
}

function bounded(value: bigint, { type, min, max }: Pick<Parameter, 'type' | 'min' | 'max'>): Reading {
  const least = min === undefined ? (type === 'amount' || type === 'count' ? 0n : undefined) : BigInt(min);
  const most = max === undefined ? undefined : BigInt(max);
  const given = value.toString();
  if (least !== undefined && value < least) {
    return { problem: { fault: 'TOO_SMALL', given, allowed: `≥ ${least}` } };
  }
  if (most !== undefined && value > most) {
    return { problem: { fault: 'TOO_LARGE', given, allowed: `≤ ${most}` } };
  }
  return { typed: { type: 'integer', value } };
}

function readText(type: 'time' | 'duration' | 'ratio' | 'id' | 'hash', given: string): Reading {
  try {
    switch (type) {
      case 'time': {
        const value = parseInstant(given);
        return value >= FIRST_MOMENT && value < LAST_MOMENT
          ? { typed: { type, value } }
          : malformed(type, given);
      }
      case 'duration':
        return { typed: { type, value: parseDuration(given) } };
      case 'ratio': {
        const value = parseFraction(given);
        return value.numerator > 0n ? { typed: { type, value } } : malformed(type, given);
      }
      case 'id':
        return ID.test(given) ? { typed: { type: 'text', value: given } } : malformed(type, given);
      case 'hash':
        return SHA256.test(given) ? { typed: { type: 'text', value: given } } : malformed(type, given);
      default:
        return assertNever(type, 'parameter type');
    }
  } catch (error) {
    if (error instanceof InvalidInputError) return malformed(type, given);
    throw error;
  }
}

function readTexts(type: 'amounts' | 'ids' | 'codes', given: readonly unknown[]): Reading {
  const most = type === 'amounts' ? MOST_AMOUNTS : MOST_IDS;
  const texts = given.filter((one) => typeof one === 'string');
  if (given.length === 0 || given.length > most || texts.length < given.length) return malformed(type, given);
  if (type === 'amounts') {
    const sound = texts.every((text) => INTEGER.test(text) && text !== '0');
    return sound ? { typed: { type: 'integers', value: texts.map(BigInt) } } : malformed(type, given);
  }
  const form = type === 'ids' ? ID : MERCHANT_CODE;
  const any = texts.length === 1 && texts[0] === ANY;
  if (!any && !texts.every((text) => form.test(text))) return malformed(type, given);
  const repeated = texts.find((text, index) => texts.indexOf(text) < index);
  if (repeated !== undefined) return { problem: { fault: 'REPEATED', given: repeated } };
  return { typed: { type: 'texts', value: texts } };
}

function readKeys(given: readonly unknown[]): Reading {
  if (given.length === 0 || given.length > MOST_KEYS || !given.every(isKey)) return malformed('keys', given);
  for (const name of ['keyId', 'publicKey'] as const) {
    const seen = new Set<string>();
    for (const key of given) {
      // One key under two names would sign for two.
      if (seen.has(key[name])) return { problem: { fault: 'REPEATED', given: shown(key[name]) } };
      seen.add(key[name]);
    }
  }
  const value = given.map(({ keyId, alg, publicKey }) => ({ keyId, alg, publicKey }));
  return { typed: { type: 'keys', value } };
}

function isKey(given: unknown): given is AttestorKey {
  if (typeof given !== 'object' || given === null) return false;
  const { keyId, alg, publicKey, ...others } = given as Partial<AttestorKey>;
  if (typeof keyId !== 'string' || typeof publicKey !== 'string' || Object.keys(others).length > 0)
    return false;
  if (alg !== 'Ed25519' && alg !== 'SM2') return false;
  return KEY_ID.test(keyId) && BASE64URL.test(publicKey) && KEY_FORMS[alg].test(publicKey);
}

function malformed(type: ParameterType, given: unknown): Reading {
  return { problem: { fault: 'MALFORMED', given: shown(given), allowed: FORMS[type] } };
}

const LONGEST_SHOWN = 80;

function shown(given: unknown): string {
  return (typeof given === 'string' ? given : (JSON.stringify(given) ?? '')).slice(0, LONGEST_SHOWN);
}

/** What is wrong with one value of one parameter, in English. */
export function parameterFault(
  parameter: Pick<Parameter, 'type' | 'min' | 'max'>,
  given: ParameterValue,
): string | undefined {
  const reading = readParameter(parameter, given);
  if ('typed' in reading) return undefined;
  const { fault, given: value, allowed } = reading.problem;
  return `${fault}: ${value ?? ''}; allowed: ${allowed ?? FORMS[parameter.type]}.`;
}
