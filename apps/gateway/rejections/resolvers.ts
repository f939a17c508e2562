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

function detail(name: string): RejectionField {
  return ({ rejection }) => rejection.details?.[name];
}

function count(name: string): RejectionField {
  return ({ rejection }) => {
    const text = rejection.details?.[name];
    return text === undefined ? undefined : Number(text);
  };
}

/** `subWalletDay` → `SUB_WALLET_DAY` */
function limitName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** What would go instead of a payment above a limit. */
const suggestion: RejectionField = ({ rejection: { details } }) => {
  if (details?.suggestion === undefined) return undefined;
  const { suggestion: kind, amounts, tier, until } = details;
  return { kind, tier, until, amounts: amounts?.split(',').map((text) => parseDecimal(text, 'CNY/2')) };
};

const extras: Readonly<Record<string, Readonly<Record<string, RejectionField>>>> = {
  BillNotFound: { billId },
  BillAlreadyPaid: { billId },
  BillReserved: { billId },
  BillCancelled: { billId },
  BillExpired: { billId },
  BillWrittenOff: { billId },
  WriteOffPending: { billId },
  DuplicateBill: { billId },
  AmountExceedsOutstanding: { billId, outstanding: amount('outstanding') },
  PartialNotAllowed: { billId, outstanding: amount('outstanding') },
  AmountMismatch: { expected: amount('expected'), actual: amount('actual') },
  InsufficientFunds: { available: amount('available'), required: amount('required') },
  CashShort: { required: amount('required'), tendered: amount('tendered') },
  LimitExceeded: {
    name: ({ rejection }) => rejection.details?.name && limitName(rejection.details.name),
    limit: amount('limit'),
    used: amount('used'),
    remaining: amount('remaining'),
    suggestion,
  },
  BelowMinFunding: { minimum: amount('min') },
  ExceedsMaxFunding: { maximum: amount('max') },
  PayoutStillUndeliverable: { reason: detail('reason') },
  TooManySubWallets: { limit: count('limit') },
  TooManyBills: { limit: count('limit') },
  QuoteExpired: { validUntil: ({ rejection }) => rejection.details?.validUntil },
  QuoteStale: { billId },
  ChannelDeclined: { reason: ({ rejection }) => rejection.details?.reason },
  ImportHasErrors: { faulty: count('faulty') },
  QrUnreadable: { reason: ({ rejection }) => rejection.details?.reason },
  QrOverLimit: { limit: amount('limit') },
  InvalidCampaign: { reason: ({ rejection }) => rejection.details?.reason },
  LessonNotBegun: { startsAt: detail('startsAt') },
  InvalidParameters: {
    parameter: detail('parameter'),
    fault: detail('fault'),
    given: detail('given'),
    allowed: detail('allowed'),
    text: inTheLanguage('text', 'title'),
    others: ({ rejection }) => rejection.details?.others?.split(' ') ?? [],
  },
};

/** A detail of which there is one in each language: `text.zh-CN`. */
function inTheLanguage(...names: readonly string[]): RejectionField {
  return ({ rejection: { details } }, _args, { language }) =>
    names.map((name) => details?.[`${name}.${language}`]).find((text) => text !== undefined);
}

/** Resolvers of every rejection type: the three common fields and the figures that explain the refusal. */
export function rejectionResolvers(): Resolvers {
  const names = new Set(Object.values(REJECTIONS).flatMap((codes) => codes.map(rejectionTypeName)));
  return Object.fromEntries([...names].map((name) => [name, { ...common, ...extras[name] }]));
}
