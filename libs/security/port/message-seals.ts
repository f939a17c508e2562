import type { TenantId } from '#libs/kernel/ids/index.js';

/** What a seal is for; a seal made for one purpose is worth nothing for another. */
export type SealPurpose = 'merchantCode' | 'payerCode' | 'paymentLink' | 'campaignPerson' | 'campaignSeed';

/**
 * Proves that a short text shown in public was made here: HMAC-SHA-256 (32 bytes) under a key of the tenant's own, another for
 * each purpose. The same text always gets the same seal. Takes microseconds, waits for nothing.
 */
export interface MessageSeals {
  seal(tenant: TenantId, purpose: SealPurpose, text: string): Uint8Array;
}
