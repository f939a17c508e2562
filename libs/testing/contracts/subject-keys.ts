import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SubjectId } from '#libs/kernel/ids/index.js';
import { type SubjectKeys, SubjectKeysUnavailable } from '#libs/security/port/index.js';

export interface SubjectKeysUnderTest {
  readonly keys: SubjectKeys;
  /** The same store again, as after a restart; absent for those that keep nothing. */
  reopen?(): Promise<SubjectKeys>;
  close(): Promise<void>;
}

const subject = (name: string) => name as SubjectId;
const [a, b, c] = ['a', 'b', 'c'].map(subject) as [SubjectId, SubjectId, SubjectId];

/** What every implementation of the SubjectKeys port must do. */
export function subjectKeysContract(name: string, open: () => Promise<SubjectKeysUnderTest>): void {
  describe(`SubjectKeys contract: ${name}`, () => {
    let under: SubjectKeysUnderTest;
    let keys: SubjectKeys;
    beforeEach(async () => {
      under = await open();
      keys = under.keys;
    });
    afterEach(() => under.close());

    it('makes one key of 32 bytes for each subject, and finds only what was made', async () => {
      const made = await keys.obtain([a, b, a]);
      expect([...made.keys()].toSorted()).toEqual([a, b]);
      expect(made.get(a)!.length).toBe(32);
      expect(made.get(a)).not.toEqual(made.get(b));
      expect(await keys.obtain([b, a])).toEqual(made);
      expect(await keys.find([a, b, c])).toEqual(made);
      expect(await keys.find([c])).toEqual(new Map());
    });

    it('gives one key to many who ask at once', async () => {
      const many = await Promise.all(
        Array.from({ length: 200 }, (_, index) => keys.obtain([a, subject(`s${index % 7}`)])),
      );
      expect(new Set(many.map((found) => Buffer.from(found.get(a)!).toString('hex'))).size).toBe(1);
      expect(new Set(many.map((found) => Buffer.from([...found.values()][1]!).toString('hex'))).size).toBe(7);
    });

    it('destroys for good', async () => {
      const made = await keys.obtain([a, b]);
      await keys.destroy(a);
      await keys.destroy(a);
      await keys.destroy(c);
      const rest = new Map([[b, made.get(b)!]]);
      expect(await keys.find([a, b, c])).toEqual(rest);
      expect(await keys.obtain([a, b, c])).toEqual(rest);
      if (!under.reopen) return;
      keys = await under.reopen();
      expect(await keys.obtain([a, b, c])).toEqual(rest);
    });

    it('answers nothing after it was closed', async () => {
      await keys.close();
      await keys.close();
      await expect(keys.obtain([a])).rejects.toThrow(SubjectKeysUnavailable);
      await expect(keys.find([a])).rejects.toThrow(SubjectKeysUnavailable);
      await expect(keys.destroy(a)).rejects.toThrow(SubjectKeysUnavailable);
    });
  });
}
