import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId, type SubjectId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { buildCatalogue, loadEventSchemas } from '#libs/event-log/codec/index.js';
import { createDeciderStore } from '#libs/event-log/runner/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import { EVENT_SCHEMAS_DIRECTORY, goldenSamples } from '#libs/testing/golden.js';
import { MemoryEventLog } from '#libs/testing/memory-event-log.js';
import { memorySubjectKeys } from '#libs/testing/memory-subject-keys.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import {
  erasePersonalData,
  privacyEvents,
  privacyEventSets,
  subjectAggregate,
  type PersonalDataErased,
} from './index.js';

const { decider } = subjectAggregate;
const at = parseInstant('2026-09-01T00:00:00.000Z');
const subjectId = asId<'subject'>('s1');
const erased: PersonalDataErased = { type: 'PersonalDataErased', data: { subjectId, erasedAt: at } };

goldenSamples(privacyEvents, { fold: (event) => fold(decider, [event]) });

describe('erasing a person', () => {
  it('is recorded once', () => {
    const command = { kind: 'recordErasure', subjectId, at } as const;
    spec(decider).given([]).when(command).then([erased]);
    spec(decider).given([erased]).when(command).then([]);
  });

  it('destroys the key, forgets remembered states and only then records it; again changes nothing', async () => {
    const runtime = manualRuntime();
    const log = new MemoryEventLog();
    const keys = memorySubjectKeys(runtime.rng);
    const schemas = loadEventSchemas(EVENT_SCHEMAS_DIRECTORY);
    const catalogue = buildCatalogue(privacyEventSets, { schemas, rng: runtime.rng, checks: true });
    const store = createDeciderStore({ log, catalogue, subjectKeys: keys, runtime });
    await keys.obtain([subjectId]);
    const steps: string[] = [];
    const watched = {
      keys: {
        destroy: async (subject: SubjectId) => {
          steps.push('destroy');
          await keys.destroy(subject);
        },
      },
      store: {
        dropCache: () => {
          steps.push('dropCache');
          store.dropCache();
        },
        run: (...args: Parameters<typeof store.run>) => {
          steps.push('record');
          return store.run(...args);
        },
      } as unknown as typeof store,
    };
    const context = { commandId: 'c1', correlationId: 'c', actor: 'a', tenant: 't', at };
    await erasePersonalData(watched, subjectId, context);
    await erasePersonalData(watched, subjectId, { ...context, commandId: 'c2' });
    expect(steps.slice(0, 3)).toEqual(['destroy', 'dropCache', 'record']);
    expect((await keys.obtain([subjectId])).size).toBe(0);
    const history = await store.history(subjectAggregate, subjectId);
    expect(history.map(({ event }) => event)).toEqual([erased]);
  });
});
