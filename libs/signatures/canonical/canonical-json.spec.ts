import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NotCanonical, canonicalJson, keyIdOf, sha256Hex } from './index.js';

describe('RFC 8785', () => {
  /** Appendix B: IEEE 754 bits and their text. */
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s as %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it('writes the example of 3.2.2', () => {
    const input = String.raw`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`;
    expect(canonicalJson(JSON.parse(input))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts names by UTF-16 code units, as in 3.2.3', () => {
    const input = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7 };
    expect(canonicalJson(input)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\u{1f600}":5,"\ufb33":3}');
  });

  it('reads back as what was written, and the order of names does not matter', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what has no canonical form', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) as unknown;

  it.each<[string, unknown, NotCanonical['reason']]>([
    ['undefined', undefined, 'notJson'],
    ['undefined within', { a: undefined }, 'notJson'],
    ['a hole', Object.assign([], { length: 1 }), 'notJson'],
    ['NaN', { a: Number.NaN }, 'notJson'],
    ['an infinity', [Number.NEGATIVE_INFINITY], 'notJson'],
    ['a bigint', { a: 1n }, 'notJson'],
    ['a function', { a: () => 1 }, 'notJson'],
    ['a symbol', Symbol('a'), 'notJson'],
    ['a date', { at: new Date(0) }, 'notJson'],
    ['toJSON', { toJSON: () => 'other' }, 'notJson'],
    ['a boxed number', Object(1), 'notJson'],
    ['a map', new Map(), 'notJson'],
    ['a cycle', cycle, 'tooDeep'],
    ['33 levels', deep, 'tooDeep'],
    ['a lone high surrogate', { a: '\ud83d' }, 'loneSurrogate'],
    ['a lone low surrogate in a name', { '\ude00': 1 }, 'loneSurrogate'],
  ])('refuses %s', (_, value, reason) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ name: 'NotCanonical', reason }));
  });

  it.each<[string, unknown]>([
    ['a long text', 'x'.repeat(99)],
    ['many items', Array.from({ length: 60 }, () => 1)],
    ['three bytes a character', '学'.repeat(40)],
    ['escapes', '\u0001'.repeat(20)],
  ])('refuses more bytes than allowed: %s', (_, value) => {
    expect(() => canonicalJson(value, { maxBytes: 100 })).toThrow(NotCanonical);
  });

  it('takes exactly as many bytes as allowed', () => {
    expect(canonicalJson('x'.repeat(98), { maxBytes: 100 })).toHaveLength(100);
  });
});

it('names keys by their hash', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(keyIdOf(Buffer.from('abc'))).toBe('k1-ba7816bf8f01cfea');
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, reversed(part)]),
  );
}
