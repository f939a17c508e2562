import type { SubjectId } from '#libs/kernel/ids/index.js';

/** One AES-256 key per person, kept outside the log. Destroying it erases the person's data everywhere at once. */
export interface SubjectKeys {
  /**
   * The keys of the subjects, made where missing; resolves when new ones are durable, because an event sealed with a
   * lost key is lost. A subject whose key was destroyed is absent from the answer and gets no new key.
   * @throws SubjectKeysUnavailable
   */
  obtain(subjects: readonly SubjectId[]): Promise<ReadonlyMap<SubjectId, Uint8Array>>;
  /** Existing keys only; erased and unknown subjects are absent. @throws SubjectKeysUnavailable */
  find(subjects: readonly SubjectId[]): Promise<ReadonlyMap<SubjectId, Uint8Array>>;
  /** Durable when resolved, and final. Idempotent. @throws SubjectKeysUnavailable */
  destroy(subject: SubjectId): Promise<void>;
  close(): Promise<void>;
}

export class SubjectKeysUnavailable extends Error {
  override readonly name = 'SubjectKeysUnavailable';
}
