import { describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { SignedLinks } from './signed-links.js';

const caller: Caller = { accountId: 'a', personId: 'p', tenant: asId<'tenant'>('t'), roles: ['payer'] };
const reader = { caller, language: 'en-US' } as const;
const tokenOf = (url: string): string => new URL(url).searchParams.get('token') ?? '';

describe('SignedLinks', () => {
  const outside = manualRuntime();
  const links = new SignedLinks('secret', 'http://here', outside.clock);

  it('open what they were made for, as who they were made for', () => {
    const url = links.receipt('r1', reader);
    expect(new URL(url).pathname).toBe('/files/receipts/r1.pdf');
    expect(links.open('receipt', 'r1', tokenOf(url))).toMatchObject(reader);
    expect(links.open('upload', 'u1', tokenOf(links.upload('u1', 42).url))).toMatchObject({ maxBytes: 42 });
  });

  it('open nothing else', () => {
    const token = tokenOf(links.receipt('r1', reader));
    const [payload = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...claims, id: 'r2' })).toString('base64url');
    const stranger = new SignedLinks('another secret', 'http://here', outside.clock);
    const attempts: readonly Parameters<SignedLinks['open']>[] = [
      ['receipt', 'r2', token],
      ['error-workbook', 'r1', token],
      ['receipt', 'r2', `${changed}.${signature}`],
      ['receipt', 'r1', `${payload}.`],
      ['receipt', 'r1', payload],
      ['receipt', 'r1', ''],
      ['receipt', 'r1', undefined],
      ['receipt', 'r1', 'x'.repeat(10_000)],
      ['receipt', 'r1', tokenOf(stranger.receipt('r1', reader))],
    ];
    for (const attempt of attempts) expect([attempt, links.open(...attempt)]).toEqual([attempt, undefined]);
  });

  it('expire after a quarter of an hour', async () => {
    const token = tokenOf(links.receipt('r1', reader));
    await outside.advance(15 * 60_000 - 1);
    expect(links.open('receipt', 'r1', token)).toBeDefined();
    await outside.advance(1);
    expect(links.open('receipt', 'r1', token)).toBeUndefined();
  });
});
