import { generateKeyPairSync, sign } from 'node:crypto';
import { localId } from '#libs/graphql/index.js';
import { fen } from './money.js';

export interface OfflineToken {
  readonly hardWalletId: string;
  readonly counter: number;
  readonly amount: { readonly amount: string };
  readonly organisationId: string;
  readonly billId: string;
  readonly at: string;
  readonly signature: string;
}

/** A hard wallet: a card or a band that signs payments where no network is. */
export class Device {
  readonly #keys = generateKeyPairSync('ed25519');

  /** 32 bytes, base64url. */
  get publicKey(): string {
    return this.#keys.publicKey.export({ format: 'jwk' }).x!;
  }

  /** What the device hands to a shop; signed as the schema says. */
  pay(token: Omit<OfflineToken, 'signature' | 'at'>): OfflineToken {
    const { hardWalletId, counter, amount, organisationId, billId } = token;
    const at = new Date().toISOString();
    // RFC 8785: the names in order, no blanks.
    const content = JSON.stringify({
      amount: String(fen(amount.amount)),
      asset: 'CNY/2',
      at,
      counter,
      hardWalletId: localId('HardWallet', hardWalletId),
      organisationId: localId('Organisation', organisationId),
      reference: localId('Bill', billId),
    });
    const signature = sign(null, Buffer.from(content), this.#keys.privateKey).toString('base64url');
    return { ...token, at, signature };
  }
}
