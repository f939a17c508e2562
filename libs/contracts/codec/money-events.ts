import { decodePostings, encodePostings } from '#libs/event-log/codec/money.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { ContractId, PaymentId } from '#libs/kernel/ids/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import type {
  ContractEvent,
  EntitlementWaived,
  FundsRefunded,
  FundsSource,
} from '../domain/release-contract/messages.js';
import {
  amountOf,
  amountText,
  decodeSplits,
  decodeUnit,
  encodeSplits,
  encodeUnit,
  happened,
} from './common.js';

type Types = EventSet<ContractEvent>['types'];

/** What comes into custody and goes out of it, and what is promised to. */
export const moneyEventTypes: Pick<
  Types,
  | 'FundingReserved'
  | 'FundingReleased'
  | 'FundsDeposited'
  | 'FundsReleased'
  | 'FundsRefunded'
  | 'EntitlementWaived'
> = {
  FundingReserved: happened(
    ({ paymentId, amount }) => ({ paymentId, amount: amountText(amount) }),
    (json) => ({ paymentId: json['paymentId'] as PaymentId, amount: amountOf(json, 'amount') }),
  ),
  FundingReleased: happened(
    ({ paymentId }) => ({ paymentId }),
    (json) => ({ paymentId: json['paymentId'] as PaymentId }),
  ),
  FundsDeposited: happened(
    ({ depositId, source, amount, postings }) => ({
      depositId,
      source: encodeSource(source),
      amount: amountText(amount),
      postings: encodePostings(postings),
    }),
    (json) => ({
      depositId: json['depositId'] as string,
      source: decodeSource(json['source']),
      amount: amountOf(json, 'amount'),
      postings: decodePostings(json['postings']),
    }),
  ),
  FundsReleased: happened(
    (data) => ({
      releaseId: data.releaseId,
      ruleId: data.ruleId,
      dedupeKeys: data.dedupeKeys,
      amount: amountText(data.amount),
      cumulative: amountText(data.cumulative),
      splits: encodeSplits(data.splits),
      postings: encodePostings(data.postings),
    }),
    (json) => ({
      releaseId: json['releaseId'] as string,
      ruleId: json['ruleId'] as string | null,
      dedupeKeys: json['dedupeKeys'] as unknown as readonly string[],
      amount: amountOf(json, 'amount'),
      cumulative: amountOf(json, 'cumulative'),
      splits: decodeSplits(json['splits']),
      postings: decodePostings(json['postings']),
    }),
  ),
  FundsRefunded: happened(
    (data) => ({
      refundId: data.refundId,
      ruleId: data.ruleId,
      reason: data.reason,
      dedupeKeys: data.dedupeKeys,
      amount: amountText(data.amount),
      splits: encodeSplits(data.splits),
      postings: encodePostings(data.postings),
    }),
    (json) => ({
      refundId: json['refundId'] as string,
      ruleId: json['ruleId'] as string | null,
      reason: json['reason'] as FundsRefunded['data']['reason'],
      dedupeKeys: json['dedupeKeys'] as unknown as readonly string[],
      amount: amountOf(json, 'amount'),
      splits: decodeSplits(json['splits']),
      postings: decodePostings(json['postings']),
    }),
  ),
  EntitlementWaived: happened(
    ({ amount, reason, ...unit }) => ({ ...encodeUnit(unit), amount: amountText(amount), reason }),
    (json) => ({
      ...decodeUnit(json),
      amount: amountOf(json, 'amount'),
      reason: json['reason'] as EntitlementWaived['data']['reason'],
    }),
  ),
};

function encodeSource(source: FundsSource): JsonObject {
  switch (source.kind) {
    case 'payment':
      return { kind: 'payment', paymentId: source.paymentId };
    case 'contract':
      return { kind: 'contract', contractId: source.contractId, releaseId: source.releaseId };
    default:
      return assertNever(source, 'source of funds');
  }
}

function decodeSource(json: Json | undefined): FundsSource {
  const source = json as JsonObject;
  if (source['kind'] === 'payment') {
    return { kind: 'payment', paymentId: source['paymentId'] as PaymentId };
  }
  return {
    kind: 'contract',
    contractId: source['contractId'] as ContractId,
    releaseId: source['releaseId'] as string,
  };
}
