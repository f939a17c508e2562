import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '#libs/kernel/time/index.js';
import { asFarAsPossible } from './play-contracts.js';
import { SeedRefused } from './seed-target.js';

const at = parseInstant('2026-11-22T00:00:00Z');

describe('a seed that goes on', () => {
  it('leaves out what contracts refuse, and nothing else', async () => {
    const done: string[] = [];
    const failing = (fault: Error) => ({ at, play: () => Promise.reject(fault) });
    const acts = [
      failing(new SeedRefused('too late')),
      { at, play: () => Promise.resolve(void done.push('played')) },
      failing(new Error('broken')),
    ];
    const [late, early, broken] = asFarAsPossible(acts, (what) => done.push(what));
    await late!.play();
    await early!.play();
    await expect(broken!.play()).rejects.toThrow('broken');
    expect(done).toEqual(['too late', 'played']);
  });
});
