import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { BillId, OrganisationId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { MandateEvent, MandateId, MandateResult, NextRun } from '../domain/mandate/index.js';

/** How the events of a mandate are stored: schemas/events/payments. */
export const mandateEvents = defineEvents<MandateEvent>('payments', {
  MandateGiven: {
    version: 1,
    encode: ({ retryAfterDays, nextRun, ...data }) => ({
      ...data,
      retryAfterDays: [...retryAfterDays],
      nextRun: encodeRun(nextRun),
    }),
    decode: (json) => ({
      mandateId: mandateIdOf(json),
      tenant: json['tenant'] as TenantId,
      account: json['account'] as string,
      organisationId: json['organisationId'] as OrganisationId,
      payerNumber: json['payerNumber'] as string,
      walletId: json['walletId'] as WalletId,
      subWalletId: json['subWalletId'] as string,
      dayOfMonth: json['dayOfMonth'] as number,
      from: json['from'] as LocalDate,
      until: json['until'] as LocalDate | null,
      retryAfterDays: json['retryAfterDays'] as readonly number[],
      inputHash: json['inputHash'] as string,
      givenAt: json['givenAt'] as Instant,
      nextRun: decodeRun(json['nextRun']),
    }),
  },
  MandateRevoked: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      mandateId: mandateIdOf(json),
      by: json['by'] as 'payer' | 'closedSubWallet',
      revokedAt: json['revokedAt'] as Instant,
    }),
  },
  MandateRunBegun: {
    version: 1,
    encode: ({ run, bills, ...data }) => ({
      ...data,
      run: encodeRun(run),
      bills: bills.map(({ billId, amount }) => ({ billId, amount: encodeMoney(amount) })),
    }),
    decode: (json) => ({
      mandateId: mandateIdOf(json),
      run: decodeRun(json['run'])!,
      bills: (json['bills'] as readonly JsonObject[]).map((bill) => ({
        billId: bill['billId'] as BillId,
        amount: decodeMoney(bill['amount']),
      })),
      begunAt: json['begunAt'] as Instant,
    }),
  },
  MandateRun: {
    version: 1,
    encode: ({ run, nextRun, results, ...data }) => ({
      ...data,
      run: encodeRun(run),
      results: results.map(({ billId, paymentId, code }) => ({ billId, paymentId, code })),
      nextRun: encodeRun(nextRun),
    }),
    decode: (json) => ({
      mandateId: mandateIdOf(json),
      run: decodeRun(json['run'])!,
      results: json['results'] as unknown as readonly MandateResult[],
      exhausted: json['exhausted'] as boolean,
      nextRun: decodeRun(json['nextRun']),
      ranAt: json['ranAt'] as Instant,
    }),
  },
});

function mandateIdOf(json: JsonObject): MandateId {
  return json['mandateId'] as MandateId;
}

function encodeRun(run: NextRun | null): JsonObject | null {
  return run && { due: run.due, attempt: run.attempt, of: run.of };
}

function decodeRun(json: Json | undefined): NextRun | null {
  return json as unknown as NextRun | null;
}
