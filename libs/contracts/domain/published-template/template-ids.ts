import type { TenantId } from '#libs/kernel/ids/index.js';

/** Templates that a tenant has published itself, as far as the log has been read. */
export interface TemplateIds {
  /** In order; at most 1,000. */
  of(tenant: TenantId): Promise<readonly string[]>;
}

/** Injection token of a `TemplateIds`. */
export const TEMPLATE_IDS = Symbol('TEMPLATE_IDS');
