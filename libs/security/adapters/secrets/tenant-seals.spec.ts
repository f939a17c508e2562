import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { sealsOf, tenantSeals } from './tenant-seals.js';

const [one, other] = [asId<'tenant'>('one-bank'), asId<'tenant'>('other-bank')];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-seals-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('seals of a tenant', () => {
  it('are the same after a restart, and nobody else may read what they are made of', async () => {
    const file = join(folder, 'code-seals.json');
    const first = (await tenantSeals(file)).seal(one, 'merchantCode', 'text');
    expect((await tenantSeals(file)).seal(one, 'merchantCode', 'text')).toEqual(first);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('differ by tenant, purpose, text and secret', () => {
    const seals = sealsOf(new Uint8Array(32).fill(1));
    const made = [
      seals.seal(one, 'merchantCode', 'text'),
      seals.seal(other, 'merchantCode', 'text'),
      seals.seal(one, 'payerCode', 'text'),
      seals.seal(one, 'paymentLink', 'text'),
      seals.seal(one, 'merchantCode', 'text '),
      sealsOf(new Uint8Array(32).fill(2)).seal(one, 'merchantCode', 'text'),
    ];
    expect(new Set(made.map((seal) => Buffer.from(seal).toString('hex'))).size).toBe(made.length);
    expect(made.map(({ length }) => length)).toEqual(made.map(() => 32));
  });

  it('are not made of half a secret', () => {
    expect(() => sealsOf(new Uint8Array(31))).toThrow('32 bytes');
  });
});
