import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { SubjectId } from '#libs/kernel/ids/index.js';
import type { Rng } from '#libs/runtime/port/index.js';
import type { JsonObject, RecordedEvent } from '#libs/event-log/port/index.js';
import { CatalogueError, EventSchemaViolation, UndecodableEvent, UnknownEventType } from './errors.js';
import type { EventSchema, EventSchemas } from './schemas.js';
import { envelopeOf, ivSource, Sealer } from './sealing.js';
import type { DecodedEvent, EventMetadata, EventSet, EventType } from './types.js';

export interface CatalogueOptions {
  /** Required even without checks: they say what is personal data. `loadEventSchemas` reads them from disk. */
  readonly schemas: EventSchemas;
  /** Source of initialisation vectors. */
  readonly rng: Rng;
  /** Refuses to encode data that does not meet its schema. On in tests and at the edges of production. */
  readonly checks: boolean;
}

/** An event ready to be stored, but for the sealing of its personal data. */
export interface EncodedEvent {
  /** With version, `BillIssued.v1`. */
  readonly type: string;
  readonly data: JsonObject;
  /** Whose personal data is in `data` in plain: `seal` before storing. `undefined`: nothing to seal. */
  readonly subject: SubjectId | undefined;
}

export type Keys = ReadonlyMap<SubjectId, Uint8Array>;

/** How every event of the program is stored. Immutable. */
export interface Catalogue {
  has(set: EventSet): boolean;
  /** @throws EventSchemaViolation with checks on. @throws CatalogueError for an event of no set in the catalogue. */
  encode(event: DomainEvent): EncodedEvent;
  /** Puts personal data into its envelope. Without a key (the person was erased) it is left out for good. */
  seal(encoded: EncodedEvent, key: Uint8Array | undefined): JsonObject;
  /** Whether events of the set may need keys; `false` costs nothing at run time. */
  holdsPersonalData(set: EventSet): boolean;
  /** Whose keys `decode` needs for these events; empty, without allocation, when none is sealed. */
  subjectsOf(events: readonly RecordedEvent[]): readonly SubjectId[];
  /**
   * Opens, upcasts and decodes. Personal data whose key is not among `keys` reads as `null`.
   * @throws UnknownEventType: stop reading. @throws UndecodableEvent: this one event cannot be read.
   */
  decode(recorded: RecordedEvent, keys?: Keys): DecodedEvent;
  /** The domain's name of a stored type (`BillIssued`), or `undefined` for an unknown one. */
  domainType(storedType: string): string | undefined;
  /** Whether the stored type can hold personal data. */
  isPersonal(storedType: string): boolean;
  /** Every stored name of the sets' events, old versions included. */
  storedTypes(sets: readonly EventSet[]): readonly string[];
}

interface StoredType {
  readonly name: string;
  readonly domainType: string;
  readonly version: number;
  readonly codec: EventType<unknown>;
  readonly schema: EventSchema;
  readonly sealer: Sealer | undefined;
}

const NO_KEYS: Keys = new Map();
const NO_SUBJECTS: readonly SubjectId[] = [];

/** @throws CatalogueError naming the first missing schema, missing upcaster, or name taken twice. */
export function buildCatalogue(sets: readonly EventSet[], options: CatalogueOptions): Catalogue {
  const stored = new Map<string, StoredType>();
  const newest = new Map<string, StoredType>();
  const distinct = new Set(sets);
  for (const set of distinct) {
    for (const [domainType, codec] of Object.entries(set.types) as [string, EventType<unknown>][]) {
      if (newest.has(domainType)) throw new CatalogueError(`Two events are called ${domainType}.`);
      for (let version = 1; version <= codec.version; version += 1) {
        const entry = storedType(set.context, [domainType, version], codec, options.schemas);
        stored.set(entry.name, entry);
        newest.set(domainType, entry);
      }
    }
  }
  return new BuiltCatalogue(distinct, stored, newest, options);
}

function storedType(
  context: string,
  [domainType, version]: readonly [string, number],
  codec: EventType<unknown>,
  schemas: EventSchemas,
): StoredType {
  const name = `${domainType}.v${version}`;
  const schema = schemas.find(context, name);
  if (!schema) throw new CatalogueError(`schemas/events/${context}/${name}.json is missing.`);
  if (version < codec.version && !codec.upcasters?.[version]) {
    throw new CatalogueError(`${domainType} has no upcaster from version ${version}.`);
  }
  return {
    name,
    domainType,
    version,
    codec,
    schema,
    sealer: schema.personal && new Sealer(name, schema.personal),
  };
}

class BuiltCatalogue implements Catalogue {
  readonly #nextIv: () => Uint8Array;
  readonly #personalSets = new Set<EventSet>();
  readonly #anyPersonal: boolean;

  constructor(
    private readonly sets: ReadonlySet<EventSet>,
    private readonly stored: ReadonlyMap<string, StoredType>,
    private readonly newest: ReadonlyMap<string, StoredType>,
    private readonly options: CatalogueOptions,
  ) {
    this.#nextIv = ivSource(options.rng);
    for (const set of sets) {
      if (this.storedTypes([set]).some((type) => this.isPersonal(type))) this.#personalSets.add(set);
    }
    this.#anyPersonal = this.#personalSets.size > 0;
  }

  has(set: EventSet): boolean {
    return this.sets.has(set);
  }

  encode(event: DomainEvent): EncodedEvent {
    const type = this.newest.get(event.type);
    if (!type) throw new CatalogueError(`${event.type} is in no event set of the catalogue.`);
    const data = type.codec.encode(event.data);
    if (this.options.checks) {
      const violation = type.schema.violation(data);
      if (violation !== undefined) throw new EventSchemaViolation(type.name, violation);
    }
    return { type: type.name, data, subject: type.sealer?.subjectOf(data) };
  }

  seal(encoded: EncodedEvent, key: Uint8Array | undefined): JsonObject {
    const { type, data, subject } = encoded;
    if (subject === undefined) return data;
    return this.stored.get(type)!.sealer!.seal(data, subject, key, this.#nextIv);
  }

  holdsPersonalData(set: EventSet): boolean {
    return this.#personalSets.has(set);
  }

  subjectsOf(events: readonly RecordedEvent[]): readonly SubjectId[] {
    if (!this.#anyPersonal) return NO_SUBJECTS;
    let subjects: Set<SubjectId> | undefined;
    for (const { data } of events) {
      const envelope = envelopeOf(data);
      if (envelope) (subjects ??= new Set()).add(envelope.subject as SubjectId);
    }
    return subjects ? [...subjects] : NO_SUBJECTS;
  }

  decode(recorded: RecordedEvent, keys: Keys = NO_KEYS): DecodedEvent {
    const type = this.stored.get(recorded.type);
    if (!type) throw new UnknownEventType(recorded.type, recorded.stream, recorded.revision);
    return {
      event: { type: type.domainType, data: domainData(type, recorded, keys) },
      id: recorded.id,
      stream: recorded.stream,
      revision: recorded.revision,
      position: recorded.position,
      recordedAt: recorded.recordedAt,
      metadata: recorded.metadata as unknown as EventMetadata,
    };
  }

  domainType(storedName: string): string | undefined {
    return this.stored.get(storedName)?.domainType;
  }

  isPersonal(storedName: string): boolean {
    return this.stored.get(storedName)?.sealer !== undefined;
  }

  storedTypes(sets: readonly EventSet[]): readonly string[] {
    const domainTypes = new Set(sets.flatMap((set) => Object.keys(set.types)));
    return [...this.stored.values()]
      .filter((type) => domainTypes.has(type.domainType))
      .map((type) => type.name);
  }
}

function domainData(type: StoredType, recorded: RecordedEvent, keys: Keys): unknown {
  try {
    let json = recorded.data;
    if (type.sealer) {
      const envelope = envelopeOf(json);
      if (envelope) json = type.sealer.open(json, envelope, keys.get(envelope.subject as SubjectId));
    }
    for (let version = type.version; version < type.codec.version; version += 1) {
      json = type.codec.upcasters![version]!(json);
    }
    return type.codec.decode(json);
  } catch (cause) {
    throw new UndecodableEvent(recorded.type, recorded.stream, recorded.revision, cause);
  }
}
