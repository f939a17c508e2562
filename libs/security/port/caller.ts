import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';

export const ROLES = [
  'bursar',
  'payer',
  'clerk',
  'supervisor',
  'taxofficer',
  'bd',
  'ops',
  'auditor',
] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, as proved by the access token. Every command and query handler gets one and checks it itself. */
export interface Caller {
  /** Account id at the issuer (`sub`). */
  readonly accountId: string;
  /** The human behind one or several accounts; four-eyes rules compare this, never the account. */
  readonly personId: string;
  readonly tenant: TenantId;
  /** Absent for payers and for the bank's own staff who see every organisation of their tenant. */
  readonly organisation?: OrganisationId;
  readonly roles: readonly Role[];
}
