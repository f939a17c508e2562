import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';

/** For whom a person works, whatever account they use; for rules that keep staff from dealing with themselves. */
export interface Employment {
  /** Empty where nobody can say. @throws Error when the register cannot be asked */
  employersOf(tenant: TenantId, personId: string): Promise<readonly OrganisationId[]>;
}
