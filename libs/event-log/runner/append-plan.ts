import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { EventToAppend, JsonObject } from '#libs/event-log/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import type { Catalogue, EncodedEvent, Keys } from '../codec/catalogue.js';
import { linkEvent } from './hash-chain.js';
import type { CommandContext } from './types.js';

/** Exactly what is appended; a retry repeats it byte for byte. */
export interface AppendPlan {
  readonly events: readonly EventToAppend[];
  /** Of the last event: what the stream's next event builds on. */
  readonly lastHash: string;
}

/** What the events are to be stored behind. */
interface ChainEnd {
  /** The stream's name as JSON text. */
  readonly streamJson: string;
  /** Of the last event; -1 for none. */
  readonly revision: number;
  readonly lastHash: string;
}

/** Encodes what needs no key at once; where personal data is among it, fetches (or makes) the keys first. */
export function planAppend(
  dependencies: { readonly catalogue: Catalogue; readonly subjectKeys: SubjectKeys },
  end: ChainEnd,
  events: readonly DomainEvent[],
  context: CommandContext,
): AppendPlan | Promise<AppendPlan> {
  const { catalogue, subjectKeys } = dependencies;
  const encoded = events.map((event) => catalogue.encode(event));
  if (encoded.every(({ subject }) => subject === undefined)) return chain(end, context, encoded, plainData);
  const subjects = encoded.flatMap(({ subject }) => (subject === undefined ? [] : [subject]));
  return subjectKeys
    .obtain([...new Set(subjects)])
    .then((keys) => chain(end, context, encoded, sealing(catalogue, keys)));
}

function plainData({ data }: EncodedEvent): JsonObject {
  return data;
}

function sealing(catalogue: Catalogue, keys: Keys): (event: EncodedEvent) => JsonObject {
  return (event) => catalogue.seal(event, event.subject && keys.get(event.subject));
}

function chain(
  end: ChainEnd,
  context: CommandContext,
  encoded: readonly EncodedEvent[],
  dataOf: (event: EncodedEvent) => JsonObject,
): AppendPlan {
  const metadata = metadataOf(context);
  const metadataJson = JSON.stringify(metadata);
  const openMetadata = metadataJson.slice(0, -1);
  const { streamJson } = end;
  let { lastHash, revision } = end;
  const events = encoded.map((event, index) => {
    const { type } = event;
    const data = dataOf(event);
    const dataJson = JSON.stringify(data);
    revision += 1;
    const { id, hash } = linkEvent(
      lastHash,
      { index, revision },
      { streamJson, type, dataJson, metadataJson },
    );
    lastHash = hash;
    const json = { data: dataJson, metadata: `${openMetadata},"hash":"${hash}"}` };
    return { id, type, data, metadata: { ...metadata, hash }, json };
  });
  return { events, lastHash };
}

/** Without the hash; absent fields are left out, so that the JSON is the same when read back. */
function metadataOf(context: CommandContext): JsonObject {
  const { commandId, correlationId, causationId, actor, tenant, organisation, at } = context;
  const metadata: Record<string, string> = { commandId, correlationId };
  // One by one: spreading objects that are mostly empty costs more than all the rest here.
  if (causationId !== undefined) metadata['causationId'] = causationId;
  metadata['actor'] = actor;
  metadata['tenant'] = tenant;
  if (organisation !== undefined) metadata['organisation'] = organisation;
  metadata['at'] = at;
  return metadata;
}
