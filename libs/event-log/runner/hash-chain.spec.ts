import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { UUID_NAMESPACES, uuidFromHex } from '../codec/derive-uuid.js';
import { chainHash, GENESIS_HASH, linkEvent } from './hash-chain.js';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('the hash chain', () => {
  it('is SHA-256 over the lines it says, for texts of any length and script', () => {
    const json = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => JSON.stringify({ text })),
      fc.nat({ max: 90_000 }).map((length) => JSON.stringify({ text: '学'.repeat(length) })),
    );
    const previous = fc.oneof(fc.constant(GENESIS_HASH), fc.string({ unit: 'grapheme', maxLength: 2_000 }));
    const content = fc.record({
      streamJson: fc.string({ unit: 'grapheme' }).map((name) => JSON.stringify(name)),
      type: fc.string({ unit: 'grapheme' }),
      dataJson: json,
      metadataJson: json,
    });
    fc.assert(
      fc.property(previous, content, fc.nat(), fc.nat(), (before, given, index, revision) => {
        const { streamJson, type, dataJson, metadataJson } = given;
        const lines = `${streamJson}\n${JSON.stringify(type)}\n${dataJson}\n${metadataJson}`;
        const id = uuidFromHex(sha256(`${UUID_NAMESPACES.event}\n${index}\n${lines}`));
        const hash = sha256(`${before}\n${id}\n${revision}\n${lines}`);
        expect(linkEvent(before, { index, revision }, given)).toEqual({ id, hash });
        expect(chainHash(before, { ...given, id, revision })).toBe(hash);
      }),
      { numRuns: 200 },
    );
  });
});
