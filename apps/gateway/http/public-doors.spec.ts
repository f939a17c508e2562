import { describe, expect, it } from '@jest/globals';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { clientAddress } from './client-address.js';
import { asksInPublic } from './public-fields.js';
import { PublicTurns } from './public-turns.js';

describe('the address of a client', () => {
  it.each([
    ['203.0.113.7', undefined, '203.0.113.7'],
    ['::ffff:203.0.113.7', undefined, '203.0.113.7'],
    // Who is not on this machine may write what they like into a header.
    ['203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['127.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['::1', '203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', `${'1'.repeat(100)}`, '127.0.0.1'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2'],
    ['2001:db8:1:2:ffff::1', undefined, '2001:db8:1:2'],
    ['2001:db8::1', undefined, '2001:db8:0:0'],
    [undefined, undefined, ''],
  ])('%s with %s is %s', (remoteAddress, forwarded, expected) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    expect(clientAddress({ socket: { remoteAddress } as never, headers })).toBe(expected);
  });
});

describe('turns', () => {
  it('are given at once, then come back with time, each address its own, and no more are kept than allowed', async () => {
    const runtime = manualRuntime();
    const turns = new PublicTurns(runtime.clock, { atOnce: 3, perMinute: 6, addresses: 2 });
    const take = (address: string, times: number) => Array.from({ length: times }, () => turns.take(address));
    expect(take('a', 5)).toEqual([true, true, true, false, false]);
    expect(take('b', 1)).toEqual([true]);
    await runtime.advance(10_000);
    expect(take('a', 2)).toEqual([true, false]);
    await runtime.advance(3_600_000);
    expect(take('a', 4)).toEqual([true, true, true, false]);
    // A third address: the one not seen for longest is forgotten.
    expect(take('c', 1)).toEqual([true]);
    expect(take('a', 1)).toEqual([false]);
  });
});

describe('a document in public', () => {
  it.each([
    ['{ verifyReceipt(organisationCode: "a", code: "b") { status } }', true],
    ['query Q { a: verifyReceipt(organisationCode: "a", code: "b") { status } }', true],
    ['{ verifyReceipt(organisationCode: "a", code: "b") { status } me { accountId } }', false],
    ['{ verifyReceipt: me { accountId } }', false],
    ['{ ... on Query { me { accountId } } }', false],
    ['query Q { ...F } fragment F on Query { me { accountId } }', false],
    ['mutation { verifyReceipt { status } }', false],
    ['{ __schema { types { name } } }', false],
  ])('%s: %s', (source, expected) => {
    expect(asksInPublic(source)).toBe(expected);
  });
});
