import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, payloadHashOf } from './payload-hash.js';

describe('the hash of a payload', () => {
  it('is SHA-256 over RFC 8785: names in the order of UTF-16 code units, strings as ECMAScript writes them', () => {
    const payload = { b: '2', a: '\u20ac$\n"\\/\u0001', B: '', 'a.b': 'ö', 'a-b': '😀' };
    const canonical = '{"B":"","a":"€$\\n\\"\\\\/\\u0001","a-b":"😀","a.b":"ö","b":"2"}';
    expect(canonicalJson(payload)).toBe(canonical);
    // printf '{"amount":"120.00"}' | sha256sum
    expect(payloadHashOf({ amount: '120.00' })).toBe(
      'c1387eaa24384218020a309d07b1869c9a3292c85acbaca80bab3e2c474b8bc4',
    );
  });

  it('depends on names and values and on nothing else', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,8}$/);
    const payload = fc.dictionary(name, fc.string(), { minKeys: 1, maxKeys: 6 });
    fc.assert(
      fc.property(payload, payload, (one, other) => {
        const same =
          JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(payloadHashOf(one) === payloadHashOf(other)).toBe(same);
        expect(payloadHashOf(Object.fromEntries(Object.entries(one).reverse()))).toBe(payloadHashOf(one));
        expect(JSON.parse(canonicalJson(one))).toEqual(one);
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['a name that is none', { '': 'x' }],
    ['a name with blanks', { 'a b': 'x' }],
    ['half a character', { a: '\ud800' }],
    ['an overlong value', { a: 'x'.repeat(2_001) }],
    ['too much', Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`n${index}`, 'x']))],
  ])('is refused for %s', (_name, payload) => {
    expect(() => payloadHashOf(payload)).toThrow(TypeError);
  });
});
