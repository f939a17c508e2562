import { accept, reject, type Decider } from '#libs/kernel/decider/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { PaymentPolicy } from '../bill/index.js';
import { faultOf } from './faults.js';
import type { BillingTermsEvent, BillingTermsRefusal, BillingTermsSet, SetBillingTerms } from './messages.js';

export interface BillingTermsState {
  readonly tenant: TenantId | undefined;
  /** In the order in which they were set. */
  readonly versions: readonly BillingTermsSet['data'][];
}

/** Where an organisation has set nothing: in parts of any size, without late fee, rebate, advance or expiry. */
export const DEFAULT_TERMS: PaymentPolicy = { partialAllowed: true, minimumPartial: money(CNY, 1n) };

/** How an organisation's bills may be paid, by the day they are issued on. The past is never changed. */
export const billingTermsDecider: Decider<
  SetBillingTerms,
  BillingTermsState,
  BillingTermsEvent,
  BillingTermsRefusal
> = {
  initial: { tenant: undefined, versions: [] },
  decide(command, state) {
    const { tenant, organisationId, effectiveFrom, terms, requestId, today, at } = command;
    if (state.tenant !== undefined && state.tenant !== tenant) {
      return reject({ code: 'FORBIDDEN', message: 'The caller may not do this here.' });
    }
    const known = state.versions.find((version) => version.requestId === requestId);
    if (known) {
      if (known.effectiveFrom === effectiveFrom && sameTerms(known.terms, terms)) return accept();
      return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
    }
    const fault = faultOf(terms);
    if (fault) return reject({ code: 'INVALID_TERMS', ...fault });
    if (effectiveFrom < today) {
      const message = 'Terms begin today or later: bills issued before keep theirs.';
      return reject({ code: 'INVALID_TERMS', message, path: ['effectiveFrom'] });
    }
    const data = { tenant, organisationId, effectiveFrom, terms, requestId, setAt: at };
    return accept({ type: 'BillingTermsSet', data });
  },
  evolve(state, { data }) {
    return { tenant: data.tenant, versions: [...state.versions, data] };
  },
};

/** The version for bills issued on the day: of those that have begun the latest, and of one day the one set last. */
export function versionOn(
  { versions }: BillingTermsState,
  day: LocalDate,
): BillingTermsSet['data'] | undefined {
  let found: BillingTermsSet['data'] | undefined;
  for (const version of versions) {
    if (version.effectiveFrom > day) continue;
    if (!found || version.effectiveFrom >= found.effectiveFrom) found = version;
  }
  return found;
}

export function termsOn(state: BillingTermsState, day: LocalDate): PaymentPolicy {
  return versionOn(state, day)?.terms ?? DEFAULT_TERMS;
}

function sameTerms(one: PaymentPolicy, other: PaymentPolicy): boolean {
  return textOf(one) === textOf(other);
}

/** The same whatever the order of the fields; amounts are bigint, which JSON does not know. */
function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${name}:${textOf(field)}`).join(',')}}`;
  }
  return String(value);
}
