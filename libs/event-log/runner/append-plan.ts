import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { EventToAppend, JsonObject } from '#libs/event-log/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import type { Catalogue, EncodedEvent, Keys } from '../codec/catalogue.js';
import { chainHash, eventId } from './hash-chain.js';
import type { StreamSlot } from './stream-slot.js';
import type { CommandContext } from './types.js';

/** Exactly what is appended; a retry repeats it byte for byte. */
export interface AppendPlan {
  readonly events: readonly EventToAppend[];
  /** Of the last event: what the stream's next event builds on. */
  readonly lastHash: string;
}

/** Encodes what needs no key at once; where personal data is among it, fetches (or makes) the keys first. */
export function planAppend(
  dependencies: { readonly catalogue: Catalogue; readonly subjectKeys: SubjectKeys },
  slot: StreamSlot,
  events: readonly DomainEvent[],
  context: CommandContext,
): AppendPlan | Promise<AppendPlan> {
  const { catalogue, subjectKeys } = dependencies;
  const encoded = events.map((event) => catalogue.encode(event));
  const subjects = encoded.flatMap(({ subject }) => (subject === undefined ? [] : [subject]));
  if (subjects.length === 0) return chain(slot, context, encoded, (event) => event.data);
  return subjectKeys
    .obtain([...new Set(subjects)])
    .then((keys) => chain(slot, context, encoded, sealing(catalogue, keys)));
}

function sealing(catalogue: Catalogue, keys: Keys): (event: EncodedEvent) => JsonObject {
  return (event) => catalogue.seal(event, event.subject && keys.get(event.subject));
}

function chain(
  slot: StreamSlot,
  context: CommandContext,
  encoded: readonly EncodedEvent[],
  dataOf: (event: EncodedEvent) => JsonObject,
): AppendPlan {
  const metadata = metadataOf(context);
  const metadataJson = JSON.stringify(metadata);
  const { streamJson } = slot;
  let lastHash = slot.lastHash;
  let revision = slot.revision;
  const events = encoded.map((event, index) => {
    const { type } = event;
    const data = dataOf(event);
    const content = { streamJson, type, dataJson: JSON.stringify(data), metadataJson };
    const id = eventId(index, content);
    revision += 1;
    lastHash = chainHash(lastHash, { ...content, id, revision });
    const json = { data: content.dataJson, metadata: `${metadataJson.slice(0, -1)},"hash":"${lastHash}"}` };
    return { id, type, data, metadata: { ...metadata, hash: lastHash }, json };
  });
  return { events, lastHash };
}

/** Without the hash; absent fields are left out, so that the JSON is the same when read back. */
function metadataOf(context: CommandContext): JsonObject {
  const { commandId, correlationId, causationId, actor, tenant, organisation, at } = context;
  return {
    commandId,
    correlationId,
    ...(causationId === undefined ? undefined : { causationId }),
    actor,
    tenant,
    ...(organisation === undefined ? undefined : { organisation }),
    at,
  };
}
