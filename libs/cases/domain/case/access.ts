import type { KnownCase } from './decider.js';

const WORKING_ROLES: readonly string[] = ['supervisor', 'ops'];
const READING_ROLES: readonly string[] = [...WORKING_ROLES, 'auditor'];

/** Whoever asks, as far as it matters here; the tenant is compared beside it. Without an organisation: staff of the tenant. */
export interface Asker {
  readonly accountId: string;
  readonly organisation?: string;
  readonly roles: readonly string[];
}

type Place = Pick<KnownCase, 'organisationId' | 'complainant'>;

export function worksOnCases({ roles }: Pick<Asker, 'roles'>): boolean {
  return roles.some((role) => WORKING_ROLES.includes(role));
}

export function readsCases({ roles }: Pick<Asker, 'roles'>): boolean {
  return roles.some((role) => READING_ROLES.includes(role));
}

/** Nobody works on a complaint of their own. */
export function mayWorkOn(asker: Asker, of: Place): boolean {
  return worksOnCases(asker) && isInPlace(asker, of) && !isComplainant(asker, of);
}

export function mayRead(asker: Asker, of: Place): boolean {
  return isComplainant(asker, of) || (readsCases(asker) && isInPlace(asker, of));
}

export function isComplainant({ accountId }: Asker, { complainant }: Place): boolean {
  return complainant !== null && complainant === accountId;
}

function isInPlace({ organisation }: Asker, { organisationId }: Place): boolean {
  return organisation === undefined || organisation === organisationId;
}
