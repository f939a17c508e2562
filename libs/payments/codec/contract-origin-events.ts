import { defineEvents, type EventSet } from '#libs/event-log/codec/types.js';
import { decodeMoney, decodePostings, encodeMoney, encodePostings } from '#libs/event-log/codec/money.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import type { ContractId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import {
  contractOriginsDecider,
  type ContractOriginsCommand,
  type ContractOriginsEvent,
  type ContractOriginsRefusal,
  type ContractOriginsState,
  type Origin,
} from '../domain/contract-origins/index.js';

/** How the origins of contracts are stored: schemas/events/payments. */
export const contractOriginEvents = defineEvents<ContractOriginsEvent>('payments', {
  ContractOriginRecorded: {
    version: 1,
    encode: ({ origin, amount, ...data }) => ({
      ...data,
      origin: { ...origin },
      amount: encodeMoney(amount),
    }),
    decode: (json) => ({
      contractId: json['contractId'] as ContractId,
      tenant: json['tenant'] as TenantId,
      depositId: json['depositId'] as string,
      origin: decodeOrigin(json['origin']),
      amount: decodeMoney(json['amount']),
      recordedAt: json['recordedAt'] as Instant,
    }),
  },
  ContractReturnPlanned: {
    version: 1,
    encode: ({ amount, parts, unknown, postings, ...data }) => ({
      ...data,
      amount: encodeMoney(amount),
      parts: parts.map((part) => ({
        depositId: part.depositId,
        origin: { ...part.origin },
        amount: encodeMoney(part.amount),
      })),
      unknown: encodeMoney(unknown),
      // An event that moves no money here carries no postings at all.
      ...(postings.length > 0 && { postings: encodePostings(postings) }),
    }),
    decode: (json) => ({
      contractId: json['contractId'] as ContractId,
      payoutId: json['payoutId'] as string,
      role: json['role'] as string,
      amount: decodeMoney(json['amount']),
      parts: (json['parts'] as readonly JsonObject[]).map((part) => ({
        depositId: part['depositId'] as string,
        origin: decodeOrigin(part['origin']),
        amount: decodeMoney(part['amount']),
      })),
      unknown: decodeMoney(json['unknown']),
      postings: json['postings'] ? decodePostings(json['postings']) : [],
      plannedAt: json['plannedAt'] as Instant,
    }),
  },
});

function decodeOrigin(json: Json | undefined): Origin {
  return json as unknown as Origin;
}

/** `contractOrigins-<contract>` */
export const contractOriginsAggregate: Aggregate<
  ContractOriginsCommand,
  ContractOriginsState,
  ContractOriginsEvent,
  ContractOriginsRefusal
> = { category: 'contractOrigins', decider: contractOriginsDecider, events: contractOriginEvents };

export const contractOriginEventSets: readonly EventSet[] = [contractOriginEvents as unknown as EventSet];
