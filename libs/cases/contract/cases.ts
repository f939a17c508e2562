/** Complaints and exceptions: what a person has to look at, with an owner, a clock and a history. */
import type { Id, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

export type CaseId = Id<'case'>;

export type CaseKind =
  | 'complaint'
  | 'lateSuccess'
  | 'contradictoryNotice'
  | 'offlineDoubleSpend'
  | 'offlineNotSettled'
  | 'unknownTooLong'
  | 'refundReturnedByBank'
  /** Money of a release contract that could not be handed over. */
  | 'payoutUndeliverable';

export interface CaseToOpen {
  /** Derived from what happened, so that the same happening opens one case. */
  readonly caseId: CaseId;
  readonly kind: CaseKind;
  readonly tenant: TenantId;
  readonly organisationId?: OrganisationId;
  /** The stream it is about: `payment-<id>`. */
  readonly subject: string;
  /** Facts for whoever works on it; never personal data. */
  readonly facts: Readonly<Record<string, string>>;
  readonly openedAt: Instant;
}

/** For other contexts, in process. Bind with `CASES`. Idempotent by `caseId`. */
export interface Cases {
  /** As it was opened, whether it is still open or not. `undefined` for another tenant's as for none. */
  find(tenant: TenantId, caseId: CaseId): Promise<Pick<CaseToOpen, 'kind' | 'subject' | 'facts'> | undefined>;
  open(toOpen: CaseToOpen, correlationId: string): Promise<void>;
  /** A fact that was added later, or the automatic end of it (`resolved`). Harmless for a case that is closed. */
  note(
    caseId: CaseId,
    note: {
      readonly noteId: string;
      readonly tenant: TenantId;
      readonly text: string;
      readonly facts?: Readonly<Record<string, string>>;
      readonly resolved?: boolean;
      readonly correlationId: string;
    },
  ): Promise<void>;
}

export const CASES = Symbol('CASES');
