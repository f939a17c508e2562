import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { LateFeeRule, PaymentPolicy, RebateRule } from '../domain/bill/index.js';

/** What a policy does not have is absent, so that a plain one is stored as it always was. */
export function encodePolicy(policy: PaymentPolicy): JsonObject {
  const { partialAllowed, minimumPartial, advanceAllowed, expiresAfterDays, lateFee, rebate } = policy;
  return {
    partialAllowed,
    minimumPartial: encodeMoney(minimumPartial),
    ...(advanceAllowed === undefined ? {} : { advanceAllowed }),
    ...(expiresAfterDays === undefined ? {} : { expiresAfterDays }),
    ...(lateFee ? { lateFee: encodeLateFee(lateFee) } : {}),
    ...(rebate ? { rebate: { share: rebate.share, untilDaysBeforeDue: rebate.untilDaysBeforeDue } } : {}),
  };
}

export function decodePolicy(json: Json | undefined): PaymentPolicy {
  const policy = json as JsonObject;
  const { advanceAllowed, expiresAfterDays, lateFee, rebate } = policy;
  return {
    partialAllowed: policy['partialAllowed'] as boolean,
    minimumPartial: decodeMoney(policy['minimumPartial']),
    ...(advanceAllowed === undefined ? {} : { advanceAllowed: advanceAllowed as boolean }),
    ...(expiresAfterDays === undefined ? {} : { expiresAfterDays: expiresAfterDays as number }),
    ...(lateFee === undefined ? {} : { lateFee: decodeLateFee(lateFee as JsonObject) }),
    ...(rebate === undefined ? {} : { rebate: decodeRebate(rebate as JsonObject) }),
  };
}

function encodeLateFee({ rate, graceDays, flat, minimum, maximum, order }: LateFeeRule): JsonObject {
  return {
    rate,
    graceDays,
    ...(flat ? { flat: encodeMoney(flat) } : {}),
    ...(minimum ? { minimum: encodeMoney(minimum) } : {}),
    ...(maximum ? { maximum: encodeMoney(maximum) } : {}),
    order,
  };
}

function decodeLateFee(json: JsonObject): LateFeeRule {
  const { flat, minimum, maximum } = json;
  return {
    rate: json['rate'] as string,
    graceDays: json['graceDays'] as number,
    ...(flat === undefined ? {} : { flat: decodeMoney(flat) }),
    ...(minimum === undefined ? {} : { minimum: decodeMoney(minimum) }),
    ...(maximum === undefined ? {} : { maximum: decodeMoney(maximum) }),
    order: json['order'] as LateFeeRule['order'],
  };
}

function decodeRebate(json: JsonObject): RebateRule {
  return {
    share: json['share'] as string,
    untilDaysBeforeDue: json['untilDaysBeforeDue'] as number,
  };
}
