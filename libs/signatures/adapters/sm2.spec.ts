import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Sm2 } from './sm2.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** GB/T 32918.5, A.2. */
const EXAMPLE = {
  publicKey: hex(
    '04 09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020' +
      ' CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13',
  ),
  message: Buffer.from('message digest'),
  signature: hex(
    'F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3' +
      ' B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA',
  ),
};
const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

describe('SM2', () => {
  it('verifies the example of the standard, with a table of multiples too', () => {
    const sm2 = new Sm2();
    expect(Array.from({ length: 6 }, () => sm2.verify(EXAMPLE))).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
    ]);
  });

  it('takes neither another message, nor another key, nor another id', () => {
    const sm2 = new Sm2();
    const { publicKey } = osslKey();
    expect([
      sm2.verify({ ...EXAMPLE, message: Buffer.from('message digesu') }),
      sm2.verify({ ...EXAMPLE, publicKey }),
      sm2.verify(EXAMPLE, ''),
      sm2.verify(EXAMPLE, 'ALICE123@YAHOO.COM'),
    ]).toEqual([false, false, false, false]);
  });

  it('takes no altered bit of the signature', () => {
    const sm2 = new Sm2();
    for (let bit = 0; bit < 512; bit += 23) {
      const signature = Buffer.from(EXAMPLE.signature);
      signature[bit >> 3]! ^= 1 << (bit & 7);
      expect(sm2.verify({ ...EXAMPLE, signature })).toBe(false);
    }
  });

  it.each<[string, Partial<typeof EXAMPLE>]>([
    ['no signature', { signature: Buffer.alloc(0) }],
    ['a byte too many', { signature: Buffer.concat([EXAMPLE.signature, Buffer.alloc(1)]) }],
    ['r of zero', { signature: scalars(0n, 5n) }],
    ['s of zero', { signature: scalars(5n, 0n) }],
    ['r of the order', { signature: scalars(ORDER, 5n) }],
    ['r + s of the order', { signature: scalars(5n, ORDER - 5n) }],
    ['r beyond the order that is right below it', { signature: beyond(EXAMPLE.signature) }],
    ['a key off the curve', { publicKey: altered(EXAMPLE.publicKey, 64) }],
    ['a compressed key', { publicKey: Buffer.concat([hex('03'), EXAMPLE.publicKey.subarray(1, 33)]) }],
    ['a key with another head', { publicKey: Buffer.concat([hex('06'), EXAMPLE.publicKey.subarray(1)]) }],
    ['a key of zeros', { publicKey: Buffer.concat([hex('04'), Buffer.alloc(64)]) }],
    ['a key of nothing', { publicKey: Buffer.alloc(0) }],
  ])('takes not: %s', (_, part) => {
    expect(new Sm2().verify({ ...EXAMPLE, ...part })).toBe(false);
  });

  /** OpenSSL signs with an empty id and cannot be told another one: the arithmetic is checked here, the id above. */
  it('agrees with OpenSSL on random keys and messages', () => {
    const sm2 = new Sm2();
    for (let index = 0; index < 12; index += 1) {
      const { publicKey, signed } = osslKey();
      const message = Buffer.from(`statement ${index} ${'学'.repeat(index)}`);
      const signature = signed(message);
      expect([
        sm2.verify({ publicKey, message, signature }, ''),
        sm2.verify({ publicKey, message, signature }),
        sm2.verify({ publicKey, message: Buffer.from('another'), signature }, ''),
      ]).toEqual([true, false, false]);
    }
  });
});

function osslKey(): { readonly publicKey: Buffer; signed(message: Buffer): Buffer } {
  const pair = generateKeyPairSync('ec', { namedCurve: 'SM2' });
  // As generated, Node takes it for an ECDSA key; read back, for an SM2 one.
  const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-65);
  return { publicKey, signed: (message) => rawSignature(sign('sm3', message, privateKey)) };
}

/** SEQUENCE of two INTEGERs → r ‖ s. */
function rawSignature(der: Buffer): Buffer {
  const rLength = der[3] ?? 0;
  const r = der.subarray(4, 4 + rLength);
  const s = der.subarray(6 + rLength);
  return Buffer.concat([r, s].map((part) => Buffer.concat([Buffer.alloc(32), part]).subarray(-32)));
}

function scalars(r: bigint, s: bigint): Buffer {
  return hex([r, s].map((value) => value.toString(16).padStart(64, '0')).join(''));
}

function beyond(signature: Buffer): Buffer {
  const r = BigInt(`0x${signature.subarray(0, 32).toString('hex')}`);
  const text = (r + ORDER).toString(16).padStart(64, '0').slice(-64);
  return Buffer.concat([hex(text), signature.subarray(32)]);
}

function altered(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}
