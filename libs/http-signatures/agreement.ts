import type { KeyObject } from 'node:crypto';
import type { TenantId } from '#libs/kernel/ids/index.js';

/** Ed25519. */
export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** A partner's key, and whose messages it signs: a key of one tenant never speaks for another. */
export interface PartnerKey {
  readonly tenant: TenantId;
  readonly publicKey: KeyObject;
}

/** The keys that two parties have exchanged, as one of them sees them. */
export interface Agreement {
  /** Our own, for messages of the tenant; absent where the tenant has no agreement. */
  ownKey(tenant: TenantId): SigningKey | undefined;
  partnerKey(keyId: string): PartnerKey | undefined;
}
