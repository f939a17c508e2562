import { hash } from 'node:crypto';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { defineEvents, type EventSet } from '#libs/event-log/codec/types.js';
import { accept, reject, type Decider, type DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { commandContext } from './command-context.js';
import type { Aggregate, DeciderStore } from './types.js';

/** A key was used for an input; for good, so that a repeat months later is still told apart. */
type RequestClaimed = DomainEvent<
  'RequestClaimed',
  { readonly operation: string; readonly inputHash: string; readonly claimedAt: Instant }
>;

interface ClaimRequest {
  readonly operation: string;
  readonly inputHash: string;
  readonly at: Instant;
}

type RequestState = { readonly status: 'free' } | { readonly status: 'claimed'; readonly inputHash: string };

type Conflict = Rejection<'IDEMPOTENCY_CONFLICT'>;

const requestDecider: Decider<ClaimRequest, RequestState, RequestClaimed, Conflict> = {
  initial: { status: 'free' },
  decide({ operation, inputHash, at }, state) {
    if (state.status === 'free') {
      return accept({ type: 'RequestClaimed', data: { operation, inputHash, claimedAt: at } });
    }
    if (state.inputHash === inputHash) return accept();
    return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
  },
  evolve: (_state, { data: { inputHash } }) => ({ status: 'claimed', inputHash }),
};

/** How claimed keys are stored: schemas/events/requests. */
export const requestEvents = defineEvents<RequestClaimed>('requests', {
  RequestClaimed: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      operation: json['operation'] as string,
      inputHash: json['inputHash'] as string,
      claimedAt: json['claimedAt'] as Instant,
    }),
  },
});

/** For the catalogue of a context that claims keys. */
export const requestEventSet = requestEvents as unknown as EventSet;

/** `request-<id>` */
const requestAggregate: Aggregate<ClaimRequest, RequestState, RequestClaimed, Conflict> = {
  category: 'request',
  decider: requestDecider,
  events: requestEvents,
};

/**
 * Binds an idempotency key of an account and operation to one input, wherever the input leads. For acts on streams whose
 * id does not derive from the key: there the same key on another stream would otherwise be another act. Claim after
 * everything that refuses a malformed request, and before the act; what the act itself answers is repeated by its own stream.
 */
export async function claimKey(
  { store, at }: { readonly store: DeciderStore; readonly at: Instant },
  context: RequestContext,
  request: {
    readonly operation: string;
    readonly idempotencyKey: string;
    /** The whole input but for the key, part by part. */
    readonly input: readonly string[];
  },
): Promise<Conflict | undefined> {
  const { operation, idempotencyKey, input } = request;
  const { tenant, accountId } = context.caller;
  const id = deriveUuid(UUID_NAMESPACES.entity, 'request', tenant, accountId, operation, idempotencyKey);
  const inputHash = hash('sha256', input.map((part) => `${part.length}:${part}`).join('\n'), 'hex');
  const commandId = deriveUuid(UUID_NAMESPACES.command, id, inputHash);
  const result = await store.run(
    requestAggregate,
    id,
    { operation, inputHash, at },
    { ...commandContext(context, commandId, at), replayEvents: false },
  );
  return result.accepted ? undefined : { ...result.rejection, path: ['input', 'idempotencyKey'] };
}
