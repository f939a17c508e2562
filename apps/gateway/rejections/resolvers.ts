import { type RefusedResult, type Resolvers, globalId, rejectionTypeName } from '#libs/graphql/index.js';
import { type Money, parseDecimal } from '#libs/kernel/money/index.js';
import type { GatewayContext } from '../context.js';
import { translate } from '../i18n/index.js';
import { REJECTIONS } from './codes.js';

type RejectionField = (source: RefusedResult, args: unknown, context: GatewayContext) => unknown;

const common: Readonly<Record<string, RejectionField>> = {
  code: ({ rejection }) => rejection.code,
  message: ({ rejection }, _args, { language }) =>
    translate(language, { key: rejection.code, fallback: rejection.message }),
  path: ({ rejection }) => rejection.path,
};

const billId: RejectionField = ({ rejection }) =>
  rejection.details?.billId && globalId('Bill', rejection.details.billId);

/** A figure of the rejection's details, written as a decimal of CNY. */
function amount(name: string): RejectionField {
  return ({ rejection }): Money | undefined => {
    const text = rejection.details?.[name];
    return text === undefined ? undefined : parseDecimal(text, 'CNY/2');
  };
}

function count(name: string): RejectionField {
  return ({ rejection }) => {
    const text = rejection.details?.[name];
    return text === undefined ? undefined : Number(text);
  };
}

const extras: Readonly<Record<string, Readonly<Record<string, RejectionField>>>> = {
  BillNotFound: { billId },
  BillAlreadyPaid: { billId },
  BillReserved: { billId },
  BillCancelled: { billId },
  DuplicateBill: { billId },
  AmountExceedsOutstanding: { billId, outstanding: amount('outstanding') },
  PartialNotAllowed: { billId, outstanding: amount('outstanding') },
  AmountMismatch: { expected: amount('expected'), actual: amount('actual') },
  InsufficientFunds: { available: amount('available'), required: amount('required') },
  CashShort: { required: amount('required'), tendered: amount('tendered') },
  LimitExceeded: { limit: amount('limit') },
  TooManyBills: { limit: count('limit') },
  ImportHasErrors: { faulty: count('faulty') },
};

/** Resolvers of every rejection type: the three common fields and the figures that explain the refusal. */
export function rejectionResolvers(): Resolvers {
  const names = new Set(Object.values(REJECTIONS).flatMap((codes) => codes.map(rejectionTypeName)));
  return Object.fromEntries([...names].map((name) => [name, { ...common, ...extras[name] }]));
}
