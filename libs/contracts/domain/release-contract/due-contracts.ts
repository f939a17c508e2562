import type { ContractId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** A contract for which the clock has something to do. */
export interface DueContract {
  readonly contractId: ContractId;
  readonly tenant: TenantId;
  /** The earliest moment that has come. */
  readonly dueAt: Instant;
}

/** Contracts with something due, as far as the log has been read. */
export interface DueContractList {
  /** At most so many, due by the moment, longest due first; the page after a contract in the same order. */
  dueBy(moment: Instant, limit: number, after?: DueContract): Promise<readonly DueContract[]>;
}

/** Injection token of a `DueContractList`. */
export const DUE_CONTRACTS = Symbol('DUE_CONTRACTS');
