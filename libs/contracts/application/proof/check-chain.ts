import { GENESIS_HASH, linkEvent } from '#libs/event-log/runner/hash-chain.js';
import type { ReleaseProof } from '../../contract/proof.js';
import { ProofFault, streamOf } from './history.js';

interface Metadata {
  readonly commandId?: unknown;
}

/**
 * Ids and hashes of all events, link by link, from the first event of the stream to the last of the document.
 *
 * @throws ProofFault
 */
export function checkChain({ contractId, events, headHash, revision }: ReleaseProof): string {
  const streamJson = JSON.stringify(streamOf(contractId));
  let previous = GENESIS_HASH;
  let command: unknown;
  let index = 0;
  for (const [place, event] of events.entries()) {
    if (event.revision !== place)
      throw new ProofFault(`revision ${place} was expected where ${event.revision} is`);
    assertAsWritten(event.data, `data of event ${place}`);
    assertAsWritten(event.metadata, `metadata of event ${place}`);
    const { commandId } = JSON.parse(event.metadata) as Metadata;
    index = place > 0 && commandId === command ? index + 1 : 0;
    command = commandId;
    const content = { streamJson, type: event.type, dataJson: event.data, metadataJson: event.metadata };
    const link = linkEvent(previous, { index, revision: place }, content);
    if (link.id !== event.id) throw new ProofFault(`the id of event ${place} does not fit its content`);
    if (link.hash !== event.hash) {
      throw new ProofFault(`the hash of event ${place} does not fit its content and the event before it`);
    }
    previous = link.hash;
  }
  if (revision !== events.length - 1) throw new ProofFault(`the last event is not ${revision}`);
  if (headHash !== previous) throw new ProofFault('the head hash is not that of the last event');
  return `${events.length} events, head ${previous}`;
}

/** Text that means the same in another writing is not what was stored. */
function assertAsWritten(json: string, what: string): void {
  if (JSON.stringify(JSON.parse(json)) !== json)
    throw new ProofFault(`${what} is not written as it was stored`);
}
