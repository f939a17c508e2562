import type { Position, RecordedEvent } from '#libs/event-log/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import type { Catalogue, Keys } from '../codec/catalogue.js';
import type { DecodedEvent } from '../codec/types.js';

/** Events read together, each decoded at most once and only when somebody listens to it. */
export class Batch {
  readonly #decoded: (DecodedEvent | undefined)[] = [];
  /** Events before the first one of a type that the program does not know; all of them when there is none. */
  readonly knownCount: number;

  private constructor(
    private readonly catalogue: Catalogue,
    readonly events: readonly RecordedEvent[],
    private readonly keys: Keys | undefined,
  ) {
    const unknown = events.findIndex(({ type }) => catalogue.domainType(type) === undefined);
    this.knownCount = unknown < 0 ? events.length : unknown;
  }

  static async of(
    { catalogue, subjectKeys }: { readonly catalogue: Catalogue; readonly subjectKeys: SubjectKeys },
    events: readonly RecordedEvent[],
  ): Promise<Batch> {
    const subjects = catalogue.subjectsOf(events);
    return new Batch(catalogue, events, subjects.length === 0 ? undefined : await subjectKeys.find(subjects));
  }

  /** Of the last event. */
  get position(): Position {
    return this.events.at(-1)!.position;
  }

  /** @throws UndecodableEvent, UnknownEventType */
  decoded(index: number): DecodedEvent {
    return (this.#decoded[index] ??= this.catalogue.decode(this.events[index]!, this.keys));
  }
}
