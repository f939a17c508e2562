import type { ContractId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { ContractStatus } from '../release-contract/messages.js';

/** Contracts of an organisation that have not ended, as far as the log has been read. */
export interface LiveContractList {
  /** In order of their ids, at most `limit` after the id given. */
  page(
    of: LiveContractsOf,
    place: { readonly after: ContractId | null; readonly limit: number },
  ): Promise<readonly ContractId[]>;
  count(of: LiveContractsOf): Promise<number>;
}

export interface LiveContractsOf {
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  /** Only those that this organisation is a party of. */
  readonly authorityId: OrganisationId | null;
  readonly statuses: readonly ContractStatus[];
}

/** Injection token of a `LiveContractList`. */
export const LIVE_CONTRACTS = Symbol('LIVE_CONTRACTS');
