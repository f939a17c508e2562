import { accept, type Decider, type DomainEvent } from '#libs/kernel/decider/index.js';
import type { SubjectId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { defineEvents, type EventSet } from '#libs/event-log/codec/types.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';

/** The key of a person's data was destroyed: whatever a view still shows of the person must go. */
export type PersonalDataErased = DomainEvent<
  'PersonalDataErased',
  { readonly subjectId: SubjectId; readonly erasedAt: Instant }
>;

interface RecordErasure {
  readonly kind: 'recordErasure';
  readonly subjectId: SubjectId;
  readonly at: Instant;
}

type SubjectState = { readonly status: 'known' } | { readonly status: 'erased' };

const subjectDecider: Decider<RecordErasure, SubjectState, PersonalDataErased, never> = {
  initial: { status: 'known' },
  decide({ subjectId, at }, state) {
    if (state.status === 'erased') return accept();
    return accept({ type: 'PersonalDataErased', data: { subjectId, erasedAt: at } });
  },
  evolve: () => ({ status: 'erased' }),
};

/** How the events of a subject are stored: schemas/events/privacy. */
export const privacyEvents = defineEvents<PersonalDataErased>('privacy', {
  PersonalDataErased: {
    version: 1,
    encode: ({ subjectId, erasedAt }) => ({ subjectId, erasedAt }),
    decode: (json) => ({
      subjectId: json['subjectId'] as SubjectId,
      erasedAt: json['erasedAt'] as Instant,
    }),
  },
});

/** `subject-<id>` */
export const subjectAggregate: Aggregate<RecordErasure, SubjectState, PersonalDataErased, never> = {
  category: 'subject',
  decider: subjectDecider,
  events: privacyEvents,
};

/** Everything the erasure of persons stores, for the catalogue of a program. */
export const privacyEventSets: readonly EventSet[] = [privacyEvents as unknown as EventSet];
