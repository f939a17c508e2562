import { buildCatalogue, type Catalogue } from '#libs/event-log/codec/catalogue.js';
import type { EventMetadata } from '#libs/event-log/codec/types.js';
import { encodePosition, type JsonObject, type RecordedEvent } from '#libs/event-log/port/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { contractAggregate, contractEvents, releaseContractEvents } from '../../codec/index.js';
import type { ProvedEvent } from '../../contract/proof.js';
import type { ContractState } from '../../domain/release-contract/index.js';
import type { ContractEvent } from '../../domain/release-contract/messages.js';
import type { ProofSchemas } from './proof-schemas.js';

/** One event of the contract's history, and the contract before and after it. */
export interface Step {
  readonly revision: number;
  readonly event: ContractEvent;
  readonly metadata: Omit<EventMetadata, 'hash'>;
  readonly before: ContractState;
  readonly after: ContractState;
}

/** A document does not hold; the message says where, for whoever looks into it. */
export class ProofFault extends Error {
  override readonly name = 'ProofFault';
}

export function streamOf(contractId: ContractId): string {
  return `${contractAggregate.category}-${contractId}`;
}

/**
 * Decodes the stored events and folds them with the contract's own decider.
 *
 * @throws ProofFault, and what the codec and the decider throw on what cannot have been
 */
export function historyOf(
  events: readonly ProvedEvent[],
  contractId: ContractId,
  schemas: ProofSchemas,
): readonly Step[] {
  const catalogue = catalogueOf(schemas);
  let before: ContractState = contractAggregate.decider.initial;
  return events.map((stored) => {
    const recorded = recordedOf(stored, contractId);
    const fault = schemas.events.find(contractEvents.context, stored.type)?.violation(recorded.data);
    if (fault !== undefined)
      throw new ProofFault(`event ${stored.revision} is not as ${stored.type} has it: ${fault}`);
    const event = catalogue.decode(recorded).event as ContractEvent;
    const after = contractAggregate.decider.evolve(before, event);
    const metadata = recorded.metadata as unknown as Step['metadata'];
    const step = { revision: stored.revision, event, metadata, before, after };
    before = after;
    return step;
  });
}

/** Contracts hold no personal data, so nothing is ever sealed. */
function catalogueOf({ events: schemas }: ProofSchemas): Catalogue {
  const rng = {
    bytes: (): Uint8Array => {
      throw new Error('Nothing of a contract is sealed.');
    },
  };
  return buildCatalogue([releaseContractEvents], { schemas, rng, checks: false });
}

function recordedOf(
  { id, type, revision, data, metadata }: ProvedEvent,
  contractId: ContractId,
): RecordedEvent {
  return {
    id,
    type,
    revision,
    stream: streamOf(contractId),
    data: JSON.parse(data) as JsonObject,
    metadata: JSON.parse(metadata) as JsonObject,
    position: encodePosition(revision),
    recordedAt: '',
  };
}
