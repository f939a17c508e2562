import type { SubjectId } from '#libs/kernel/ids/index.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import { subjectAggregate } from './personal-data-erased.js';

/** The store, and its memory: remembered states may hold the person's data in plain. */
type ForgetfulStore = Pick<DeciderStore, 'run'> & { dropCache?(): void };

/**
 * Erases a person: destroys the key first, then records it. In this order a crash between the two leaves nothing readable,
 * and doing it again completes it; the other way round, views could drop a name that the log still shows.
 * Idempotent. Resolves when both are durable.
 *
 * @throws SubjectKeysUnavailable, and what `DeciderStore.run` throws
 */
export async function erasePersonalData(
  { keys, store }: { readonly keys: Pick<SubjectKeys, 'destroy'>; readonly store: ForgetfulStore },
  subjectId: SubjectId,
  context: CommandContext,
): Promise<void> {
  await keys.destroy(subjectId);
  store.dropCache?.();
  await store.run(subjectAggregate, subjectId, { kind: 'recordErasure', subjectId, at: context.at }, context);
}
