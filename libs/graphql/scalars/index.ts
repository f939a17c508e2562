import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { badInput } from '../errors.js';

/**
 * The exponent is the currency's business (`readMoney`); here only the alphabet: 1 to 15 digits and at most 8 decimals,
 * which is more than any currency of ISO 4217 has.
 */
const DECIMAL = /^\d{1,15}(\.\d{1,8})?$/;
const CURRENCY = /^[A-Z]{3}$/;

interface TextScalar {
  readonly name: string;
  readonly code: string;
  readonly example: string;
  /** Throws on malformed text. */
  read(text: string): string;
}

/** A scalar that is a string on the wire and nothing else: numbers, booleans and objects are refused in any position. */
function textScalar({ name, code, example, read }: TextScalar): GraphQLScalarType<string, string> {
  const explain = (): never => {
    throw badInput(code, `${name} is a string such as "${example}".`);
  };
  const parseValue = (value: unknown): string => {
    if (typeof value !== 'string') return explain();
    try {
      return read(value);
    } catch {
      return explain();
    }
  };
  return new GraphQLScalarType<string, string>({
    name,
    serialize: (value) => value as string,
    parseValue,
    parseLiteral: (node: ValueNode) => (node.kind === Kind.STRING ? parseValue(node.value) : explain()),
  });
}

function matching(pattern: RegExp): (text: string) => string {
  return (text) => {
    if (text.length > 32 || !pattern.test(text)) throw new Error('no match');
    return text;
  };
}

export const DecimalScalar = textScalar({
  name: 'Decimal',
  code: 'INVALID_AMOUNT',
  example: '1409.50',
  read: matching(DECIMAL),
});
export const CurrencyCodeScalar = textScalar({
  name: 'CurrencyCode',
  code: 'INVALID_CURRENCY',
  example: 'CNY',
  read: matching(CURRENCY),
});
export const DateTimeScalar = textScalar({
  name: 'DateTime',
  code: 'INVALID_DATETIME',
  example: '2026-09-01T00:00:00Z',
  read: parseInstant,
});
export const LocalDateScalar = textScalar({
  name: 'LocalDate',
  code: 'INVALID_DATE',
  example: '2026-09-30',
  read: parseLocalDate,
});

export const SCALARS: readonly GraphQLScalarType[] = [
  DecimalScalar,
  CurrencyCodeScalar,
  DateTimeScalar,
  LocalDateScalar,
];
