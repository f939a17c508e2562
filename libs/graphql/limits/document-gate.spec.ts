import { describe, expect, it } from '@jest/globals';
import { GraphQLError, buildSchema } from 'graphql';
import { DEFAULT_LIMITS, DocumentGate } from './document-gate.js';

const schema = buildSchema(`
  type Query { bill: Bill  bills(first: Int! = 50): BillConnection  list: [Bill!]! }
  type BillConnection { nodes: [Bill!]!  edges: [Edge!]! }
  type Edge { node: Bill! }
  type Bill { id: ID!  self: Bill  items: [Bill!]!  timeline: [Bill!]  bills(first: Int! = 50): BillConnection }
`);
const gate = (): DocumentGate => new DocumentGate(schema, DEFAULT_LIMITS, { 'Bill.timeline': 40 });

/** The limit that refused, the error's code, or `admitted`; and how long that took. */
function judge(source: string): { readonly verdict: unknown; readonly tookMs: number } {
  const judged = gate();
  const startedMs = performance.now();
  try {
    judged.admit(source);
    return { verdict: 'admitted', tookMs: performance.now() - startedMs };
  } catch (error) {
    const { code, limit } = (error as GraphQLError).extensions;
    return { verdict: limit ?? code, tookMs: performance.now() - startedMs };
  }
}

const nested = (depth: number): string =>
  `${'{ bill '}${'{ self '.repeat(depth - 2)}{ id }${' }'.repeat(depth - 2)} }`;
const doubling = (levels: number): string =>
  `{ bill { ...f0 } } ${Array.from({ length: levels }, (_, n) => `fragment f${n} on Bill { items { ...f${n + 1} } timeline { ...f${n + 1} } }`).join(' ')} fragment f${levels} on Bill { id }`;

describe('DocumentGate', () => {
  it.each([
    [
      '10,000 aliases',
      `{ ${Array.from({ length: 10_000 }, (_, n) => `a${n}: bill { id }`).join(' ')} }`,
      'characters',
    ],
    [
      '300 aliases',
      `{ ${Array.from({ length: 300 }, (_, n) => `a${n}: bill { id }`).join(' ')} }`,
      'aliases',
    ],
    ['5,000 directives', `{ bill { id ${'@skip(if: false) '.repeat(5_000)} } }`, 'characters'],
    ['5,000 short directives', `{ bill { id ${'@a '.repeat(5_000)} } }`, 'tokens'],
    ['100 directives', `{ bill { id ${'@a '.repeat(100)} } }`, 'directives'],
    ['depth 200', nested(200), 'depth'],
    ['depth 13', nested(13), 'depth'],
    ['one megabyte of tokens', `{ ${'bill '.repeat(200_000)} }`, 'characters'],
    ['one field 3,000 times', `{ ${'list '.repeat(3_000)} }`, 'tokens'],
    [
      'a fragment that spreads itself',
      '{ bill { ...a } } fragment a on Bill { ...a }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a cycle of fragments',
      '{ bill { ...a } } fragment a on Bill { self { ...b } } fragment b on Bill { self { ...a } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a cycle nobody uses',
      '{ bill { id } } fragment a on Bill { ...b } fragment b on Bill { ...a }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['fragments that double', doubling(9), 'cost'],
    ['lists in lists', '{ list { items { items { items { items { id } } } } } }', 'cost'],
    [
      'large pages in large pages',
      '{ bills(first: 250) { nodes { bills(first: 250) { nodes { id } } } } }',
      'cost',
    ],
    [
      'pages of unknown size',
      'query ($n: Int!) { bills(first: $n) { nodes { bills(first: $n) { edges { node { id } } } } } }',
      'cost',
    ],
    ['costly fields on every item', '{ bills(first: 250) { nodes { timeline { id } } } }', 'cost'],
    ['NUL in a literal', '{ bill { id } }  query b { bill { self(x: "\\u0000") { id } } }', 'BAD_REQUEST'],
    ['a syntax error', '{ bill { id ', 'GRAPHQL_PARSE_FAILED'],
    ['nothing', '', 'GRAPHQL_PARSE_FAILED'],
    [
      'many operations',
      Array.from({ length: 30 }, (_, n) => `query q${n} { bill { id } }`).join(' '),
      'operations',
    ],
  ])('refuses %s quickly', (_name, source, verdict) => {
    const judged = judge(source);
    expect(judged.verdict).toBe(verdict);
    expect(judged.tookMs).toBeLessThan(150);
  });

  it.each([
    ['a page of 250', '{ bills(first: 250) { edges { node { id items { id } } } } }'],
    ['an average page with histories', '{ bills(first: 50) { nodes { id timeline { id } } } }'],
    ['depth 12', nested(12)],
    ['fragments used twice', '{ bill { ...a self { ...a } } } fragment a on Bill { id self { id } }'],
    ['unknown fields and fragments, which validation names', '{ nothing { here ...missing } }'],
  ])('admits %s', (_name, source) => {
    expect(judge(source).verdict).toBe('admitted');
  });

  it('looks at the value of a page size, and never trusts it for the next time', () => {
    const judged = gate();
    const pages = 'query ($n: Int!) { bills(first: $n) { nodes { bills(first: $n) { nodes { id } } } } }';
    judged.admit(pages, { n: 5 });
    for (const n of [250, 1e9, -1, Number.NaN, '5', undefined])
      expect(() => judged.admit(pages, { n })).toThrow('cost');
    judged.admit(pages, { n: 20 });
  });

  it('remembers what it admitted, not what it refused', () => {
    const judged = gate();
    judged.admit('{ bill { id } }');
    judged.admit('{ bill { id } }');
    expect(() => judged.admit(nested(13))).toThrow(GraphQLError);
    expect(() => judged.admit(nested(13))).toThrow(GraphQLError);
  });
});
