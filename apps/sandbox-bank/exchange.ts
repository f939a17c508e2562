import { join } from 'node:path';

/** Files of the key exchange between Sluice and the institution, and of either's private keys. */
export interface ExchangeFiles {
  /** Published by Sluice, read by the institution. */
  readonly sluicePublic: string;
  /** Published by the institution, read by Sluice. */
  readonly bankPublic: string;
}

export function exchangeFiles(folder: string): ExchangeFiles {
  return {
    sluicePublic: join(folder, 'sluice-public.json'),
    bankPublic: join(folder, 'institution-public.json'),
  };
}

/** First line of standard output once it listens. */
export interface Listening {
  readonly port: number;
}
