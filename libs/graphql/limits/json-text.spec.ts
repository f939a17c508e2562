import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { parseJsonStrictly } from './json-text.js';

function reasonOf(text: string): unknown {
  try {
    parseJsonStrictly(text);
    return 'accepted';
  } catch (error) {
    return (error as GraphQLError).extensions.reason;
  }
}

describe('parseJsonStrictly', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium', maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        // fast-check may draw the very keys and strings that are refused.
        fc.pre(!text.includes('__proto__') && !text.includes('\\u'));
        expect(parseJsonStrictly(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', 'DUPLICATE_KEY'],
    ['{"a":{"b":1,"c":[{"d":1, "d" :2}]}}', 'DUPLICATE_KEY'],
    ['{"a":1,"\\u0061":2}', 'DUPLICATE_KEY'],
    ['{"a\\"":1,"a\\"":2}', 'DUPLICATE_KEY'],
    ['{"__proto__":{"roles":["ops"]}}', 'FORBIDDEN_KEY'],
    ['{"x":[{"\\u005f_proto__":1}]}', 'FORBIDDEN_KEY'],
    ['{"a":"\\u0000"}', 'INVALID_TEXT'],
    ['{"a":["\\ud800"]}', 'INVALID_TEXT'],
    ['{"\\udfff":1}', 'INVALID_TEXT'],
    ['[', 'MALFORMED_JSON'],
    ['{"a":"\u0000"}', 'MALFORMED_JSON'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'NESTED_TOO_DEEPLY'],
  ])('refuses %s', (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  it('accepts the same key in different objects, and such words as values', () => {
    for (const text of [
      '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
      '{"a":"__proto__","b":"{\\"a\\":1,\\"a\\":2}"}',
      '{"a":"\\ud83d\\ude00","b":"学生 \u202e"}',
    ]) {
      expect(parseJsonStrictly(text)).toEqual(JSON.parse(text));
    }
  });

  it('reads a megabyte in bounded time', () => {
    const text = JSON.stringify({
      list: Array.from({ length: 20_000 }, (_, index) => ({ [`key${index}`]: 'value "quoted" \\ ' })),
    });
    const startedMs = performance.now();
    parseJsonStrictly(text);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});
