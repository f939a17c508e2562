import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answered, type ScriptedGateway, scriptedGateway } from '../testing/scripted-gateway.js';

/** Far below what an unbounded document would take, far above what a busy machine needs for a bounded one, ms. */
const QUICKLY_MS = 5_000;

let gateway: ScriptedGateway;
beforeAll(async () => {
  gateway = await scriptedGateway([]);
  await gateway.post({ query: '{ __typename }' });
});
afterAll(() => gateway.close());

const json = { 'content-type': 'application/json' };
const query = (text: string): string => JSON.stringify({ query: text });
const repeat = (count: number, part: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ');
const nested = (depth: number): string =>
  `${'{ bill(id: "x") { payments { bills { bill '.repeat(depth / 4)}{ id }${' } } } }'.repeat(depth / 4)}`;

function refusal({ status, json: body }: Answered): readonly unknown[] {
  const { code, limit, reason } = body.errors?.[0]?.extensions ?? { code: undefined };
  return [status, code, ...(limit ? [limit] : []), ...(reason ? [reason] : [])];
}

type Attack = readonly [
  string,
  () => { readonly body: NonNullable<RequestInit['body']>; readonly headers?: Record<string, string> },
  readonly unknown[],
];

const attacks: readonly Attack[] = [
  [
    '10,000 aliases',
    () => ({ body: query(`{ ${repeat(10_000, (n) => `a${n}:__typename`)} }`) }),
    [400, 'DOCUMENT_TOO_COMPLEX', 'characters'],
  ],
  [
    '600 aliases',
    () => ({ body: query(`{ ${repeat(600, (n) => `a${n}:__typename`)} }`) }),
    [400, 'DOCUMENT_TOO_COMPLEX', 'aliases'],
  ],
  [
    '5,000 directives',
    () => ({ body: query(`{ me { accountId ${'@skip(if:false)'.repeat(5_000)} } }`) }),
    [400, 'DOCUMENT_TOO_COMPLEX', 'characters'],
  ],
  [
    '5,000 unknown directives',
    () => ({ body: query(`{ me { accountId ${'@a'.repeat(5_000)} } }`) }),
    [400, 'DOCUMENT_TOO_COMPLEX', 'tokens'],
  ],
  ['depth 200', () => ({ body: query(nested(200)) }), [400, 'DOCUMENT_TOO_COMPLEX', 'depth']],
  [
    'a cycle of fragments',
    () => ({ body: query('{ me { ...a } } fragment a on Me { ...b } fragment b on Me { ...a }') }),
    [400, 'GRAPHQL_VALIDATION_FAILED'],
  ],
  [
    'one megabyte of tokens',
    () => ({ body: query(`{ ${'me '.repeat(330_000)} }`) }),
    [400, 'DOCUMENT_TOO_COMPLEX', 'characters'],
  ],
  ['more than one megabyte', () => ({ body: query(' '.repeat(1_100_000)) }), [413, 'PAYLOAD_TOO_LARGE']],
  [
    'a batch',
    () => ({ body: `[${repeat(100, () => query('{ me { accountId } }')).replaceAll('} {', '},{')}]` }),
    [400, 'BAD_REQUEST', 'BATCHED'],
  ],
  ['an empty batch', () => ({ body: '[]' }), [400, 'BAD_REQUEST', 'BATCHED']],
  [
    'a gzip bomb',
    () => ({
      body: gzipSync(Buffer.alloc(50_000_000, 32)),
      headers: { ...json, 'content-encoding': 'gzip' },
    }),
    [415, 'UNSUPPORTED_MEDIA_TYPE'],
  ],
  [
    'duplicate keys',
    () => ({ body: '{"query":"{ me { accountId } }","query":"{ __typename }"}' }),
    [400, 'BAD_REQUEST', 'DUPLICATE_KEY'],
  ],
  [
    'duplicate keys in the variables',
    () => ({ body: '{"query":"{ __typename }","variables":{"input":{"amount":"1","amount":"2"}}}' }),
    [400, 'BAD_REQUEST', 'DUPLICATE_KEY'],
  ],
  [
    '__proto__',
    () => ({ body: '{"query":"{ __typename }","variables":{"__proto__":{"admin":true}}}' }),
    [400, 'BAD_REQUEST', 'FORBIDDEN_KEY'],
  ],
  [
    'a lone surrogate',
    () => ({ body: '{"query":"{ __typename }","variables":{"a":"\\ud800"}}' }),
    [400, 'BAD_REQUEST', 'INVALID_TEXT'],
  ],
  [
    'NUL in a variable',
    () => ({ body: '{"query":"{ __typename }","variables":{"a":"x\\u0000"}}' }),
    [400, 'BAD_REQUEST', 'INVALID_TEXT'],
  ],
  [
    'NUL in a literal',
    () => ({ body: '{"query":"{ bill(id: \\"\\\\u0000\\") { id } }"}' }),
    [400, 'BAD_REQUEST', 'INVALID_TEXT'],
  ],
  [
    'bytes that are no UTF-8',
    () => ({ body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) }),
    [400, 'BAD_REQUEST', 'INVALID_TEXT'],
  ],
  [
    'JSON nested 100,000 deep',
    () => ({ body: `{"query":"{ __typename }","variables":${'['.repeat(100_000)}${']'.repeat(100_000)}}` }),
    [400, 'BAD_REQUEST', 'NESTED_TOO_DEEPLY'],
  ],
  ['half a body', () => ({ body: '{"query":"{ me' }), [400, 'BAD_REQUEST', 'MALFORMED_JSON']],
  ['no body', () => ({ body: '' }), [400, 'BAD_REQUEST', 'MALFORMED_JSON']],
  ['a number as query', () => ({ body: '{"query":42}' }), [400, 'BAD_REQUEST']],
  [
    'variables as a list',
    () => ({ body: '{"query":"{ __typename }","variables":[1]}' }),
    [400, 'BAD_REQUEST'],
  ],
  [
    'a form',
    () => ({ body: 'query=mutation', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    [415, 'UNSUPPORTED_MEDIA_TYPE'],
  ],
  [
    'text, as a page elsewhere may send without asking',
    () => ({ body: query('{ __typename }'), headers: { 'content-type': 'text/plain' } }),
    [415, 'UNSUPPORTED_MEDIA_TYPE'],
  ],
  [
    'multipart',
    () => ({ body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
    [415, 'UNSUPPORTED_MEDIA_TYPE'],
  ],
  [
    'pages of pages',
    () => ({
      body: query(
        '{ imports(first: 250) { nodes { diff(first: 250) { nodes { billId before { amount } } } } } }',
      ),
    }),
    [400, 'DOCUMENT_TOO_COMPLEX', 'cost'],
  ],
];

describe('attacks on POST /graphql', () => {
  it.each(attacks)('refuses %s quickly, with a code and nothing else', async (_name, build, expected) => {
    const { body, headers = json } = build();
    const answer = await gateway.raw(body, headers);
    expect(refusal(answer)).toEqual(expected);
    expect(answer.tookMs).toBeLessThan(QUICKLY_MS);
    expect(answer.text).not.toMatch(/\bat .*\(|node_modules|\.ts:|\.js:/);
    expect(answer.json.errors?.[0]?.extensions.traceId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('still answers afterwards, and logged none of it as a fault', async () => {
    const answer = await gateway.post({ query: '{ __typename }' });
    expect([answer.status, answer.json]).toEqual([200, { data: { __typename: 'Query' } }]);
    expect(gateway.faults).toEqual([]);
  });

  it('takes text in any direction and a byte order mark', async () => {
    const operation = JSON.stringify({ query: '{ __typename }', variables: { name: '\u202e学生' } });
    const answer = await gateway.raw(`\ufeff${operation}`);
    expect([answer.status, answer.json]).toEqual([200, { data: { __typename: 'Query' } }]);
  });

  it('answers by POST only', async () => {
    // GET belongs to a page for people, see the pages' own tests.
    const answer = await gateway.raw(undefined, { 'content-type': 'application/json' }, 'DELETE');
    expect(answer.status).toBe(404);
  });
});
