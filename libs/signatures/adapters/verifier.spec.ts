import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { systemRuntime } from '#libs/runtime/system/index.js';
import type { SignatureToVerify } from '../port/index.js';
import { signatureVerifier } from './index.js';
import { Sm2Threads } from './sm2-threads.js';

const { timers } = systemRuntime();
const verifier = signatureVerifier({ timers });
afterAll(() => verifier.close());

const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');

/** RFC 8032, 7.1, tests 1 to 3. */
const RFC_8032: readonly (readonly [key: string, message: string, sig: string])[] = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
];

const SM2: SignatureToVerify = {
  alg: 'SM2',
  publicKey: base64url(
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
      'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  ),
  message: Buffer.from('message digest'),
  sig: base64url(
    'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3' +
      'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
  ),
};

describe('Ed25519', () => {
  it.each(RFC_8032)('verifies the RFC’s signature under %s', async (key, message, sig) => {
    const signed: SignatureToVerify = {
      alg: 'Ed25519',
      publicKey: base64url(key),
      message: Buffer.from(message, 'hex'),
      sig: base64url(sig),
    };
    expect(await verifier.verify(signed)).toBe(true);
    expect(await verifier.verify({ ...signed, message: Buffer.from('other') })).toBe(false);
  });

  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const message = Buffer.from('{"a":1}');
  const good: SignatureToVerify = {
    alg: 'Ed25519',
    publicKey: publicKey.export({ format: 'jwk' }).x ?? '',
    message,
    sig: sign(null, message, privateKey).toString('base64url'),
  };

  it.each<[string, Partial<SignatureToVerify>]>([
    ['padding', { sig: `${good.sig}==` }],
    ['base64 of the other alphabet', { publicKey: `+${good.publicKey.slice(1)}` }],
    ['a character that stands for nothing', { sig: `!${good.sig.slice(1)}` }],
    ['bits beyond the last byte', { sig: `${good.sig.slice(0, -1)}${nextCharacter(good.sig.at(-1))}` }],
    ['a short key', { publicKey: good.publicKey.slice(0, 42) }],
    ['no signature', { sig: '' }],
    ['S beyond the order', { sig: withLargerS(good.sig) }],
    ['the wrong algorithm', { alg: 'SM2' }],
    ['an unknown algorithm', { alg: 'RSA' as 'SM2' }],
    ['an oversize message', { message: Buffer.alloc(65_537) }],
  ])('takes not: %s', async (_, part) => {
    expect(await verifier.verify(good)).toBe(true);
    expect(await verifier.verify({ ...good, ...part })).toBe(false);
  });

  it('takes no key of small order, under which one signature fits all', async () => {
    const points = ['01', 'ec', '00', 'c7', '26'].map((first) => SMALL_ORDER[first] ?? '');
    for (const point of points) {
      const sig = base64url(`01${'00'.repeat(63)}`);
      expect(await verifier.verify({ ...good, publicKey: base64url(point), sig })).toBe(false);
    }
  });
});

describe('SM2', () => {
  it('verifies on a thread of its own, many at once', async () => {
    const asked = Array.from({ length: 20 }, (_, index) =>
      verifier.verify(index % 2 === 0 ? SM2 : { ...SM2, message: Buffer.from('another') }),
    );
    expect(await Promise.all(asked)).toEqual(asked.map((_, index) => index % 2 === 0));
  });

  it('refuses by type what the queue does not hold, and goes on', async () => {
    const small = signatureVerifier({ timers, maxWaiting: 2 });
    const asked = await Promise.allSettled(Array.from({ length: 5 }, () => small.verify(SM2)));
    expect(asked.map((one) => (one.status === 'fulfilled' ? one.value : nameOf(one.reason)))).toEqual([
      true,
      true,
      true,
      'SignatureVerifierOverloaded',
      'SignatureVerifierOverloaded',
    ]);
    expect(await small.verify(SM2)).toBe(true);
    await small.close();
  });

  it('ends a thread that hangs, and asks another one', async () => {
    const flag = join(mkdtempSync(join(tmpdir(), 'sluice-sm2-')), 'hangs');
    // Whoever comes first never answers.
    const code = `import { mkdirSync } from 'node:fs'; import { parentPort } from 'node:worker_threads';
      let hangs = true; try { mkdirSync(${JSON.stringify(flag)}); } catch { hangs = false; }
      parentPort.on('message', () => hangs || parentPort.postMessage(true));`;
    const entry = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
    const threads = new Sm2Threads({ timers, threads: 1, maxWaiting: 10, deadlineMs: 500, entry });
    const asked = [await outcomeOf(threads.verify(SM2)), await outcomeOf(threads.verify(SM2))];
    await threads.close();
    rmSync(dirname(flag), { recursive: true });
    expect(asked).toEqual(['SignatureVerifierUnavailable', true]);
  });

  it('gives up at the deadline and goes on', async () => {
    let due: (() => void) | undefined;
    const manual = { ...timers, after: (_: number, run: () => void) => ((due = run), () => undefined) };
    const hanging = signatureVerifier({ timers: manual });
    const asked = hanging.verify(SM2);
    due?.();
    await expect(asked).rejects.toMatchObject({ name: 'SignatureVerifierUnavailable' });
    expect(await hanging.verify(SM2)).toBe(true);
    await hanging.close();
    await expect(hanging.verify(SM2)).rejects.toMatchObject({ name: 'SignatureVerifierUnavailable' });
  });

  it('fails what is under way when it is closed', async () => {
    const closing = signatureVerifier({ timers });
    const asked = Promise.allSettled([closing.verify(SM2), closing.verify(SM2)]);
    await closing.close();
    expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

const SMALL_ORDER: Readonly<Record<string, string>> = {
  '01': `01${'00'.repeat(31)}`,
  ec: `ec${'ff'.repeat(30)}7f`,
  '00': '00'.repeat(32),
  c7: 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26': '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
};

function outcomeOf(asked: Promise<boolean>): Promise<boolean | string> {
  return asked.catch(nameOf);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

function nextCharacter(character: string | undefined): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[(alphabet.indexOf(character ?? 'A') + 1) % 64] ?? 'B';
}

/** S + L is the same number to a careless verifier. */
function withLargerS(sig: string): string {
  const bytes = Buffer.from(sig, 'base64url');
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
  const larger = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  return Buffer.concat([bytes.subarray(0, 32), larger]).toString('base64url');
}
