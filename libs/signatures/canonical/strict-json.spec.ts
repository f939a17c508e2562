import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NotStrictJson, parseStrictJson } from './index.js';

const LIMITS = { maxBytes: 1_000, maxDepth: 5 };

describe('JSON from outside', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(Buffer.byteLength(text) <= LIMITS.maxBytes && !/__proto__|constructor|prototype/.test(text));
        expect(parseStrictJson(text, LIMITS)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, string, NotStrictJson['reason']]>([
    ['no JSON', '{a:1}', 'notJson'],
    ['nothing', '', 'notJson'],
    ['two values', '{} {}', 'notJson'],
    ['an open text', '{"a', 'notJson'],
    ['a name twice', '{"a":1,"b":2,"a":3}', 'duplicateName'],
    ['a name twice, once escaped', '{"a":1,"\\u0061":3}', 'duplicateName'],
    ['a name twice far within', '[{"x":{"a":[1,{"b":1}],"a" \n: 2}}]', 'duplicateName'],
    ['a name that is a prototype', '{"__proto__":{"a":1}}', 'unsafeName'],
    ['the same, escaped', '{"\\u005f_proto__":{"a":1}}', 'unsafeName'],
    ['a constructor', '{"a":{"constructor":1}}', 'unsafeName'],
    ['half a character', '{"a":"\\ud83d"}', 'loneSurrogate'],
    ['half a character in a name', '{"\\ude00":1}', 'loneSurrogate'],
    ['six levels', '[[[[[[]]]]]]', 'tooDeep'],
    ['too many levels to parse', '['.repeat(900), 'tooDeep'],
    ['too much', `"${'x'.repeat(999)}"`, 'tooLarge'],
    ['too much in UTF-8', `"${'学'.repeat(400)}"`, 'tooLarge'],
  ])('is refused: %s', (_, text, reason) => {
    expect(() => parseStrictJson(text, LIMITS)).toThrow(
      expect.objectContaining({ name: 'NotStrictJson', reason }),
    );
  });

  it('may hold one name in two objects, and names within texts', () => {
    const text = '{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"{\\"a\\":1,\\"a\\":2}","d":"__proto__"}';
    expect(parseStrictJson(text, LIMITS)).toEqual(JSON.parse(text));
  });
});
