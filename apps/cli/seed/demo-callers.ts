import {
  DEMO_HIGH_SCHOOL,
  DEMO_TENANT,
  DEMO_USERS,
  type DemoOrganisation,
  demoUser,
} from '#libs/security/adapters/demo/demo-directory.js';
import type { Caller, RequestContext, Role } from '#libs/security/port/index.js';
import type { DemoStudent } from './demo-students.js';

/** Everything the seed does is found under one trace. */
export function contextOf({ accountId, personId, tenant, organisation, roles }: Caller): RequestContext {
  return {
    caller: { accountId, personId, tenant, ...(organisation && { organisation }), roles },
    correlationId: 'demo-seed',
  };
}

/** @throws Error for somebody whom the demo's directory does not know */
export function demoCaller(username: string): Caller {
  const user = demoUser(username);
  if (!user) throw new Error(`The demo directory has no ${username}.`);
  return user;
}

export const bursarOf = (organisation: DemoOrganisation): Caller => staffOf(organisation, 'bursar');
export const clerkOf = (organisation: DemoOrganisation): Caller => staffOf(organisation, 'clerk');

/** The demo user of the organisation, or somebody without a login where the demo has none. */
function staffOf(organisation: DemoOrganisation, role: Role): Caller {
  const known = DEMO_USERS.find((user) => user.organisation === organisation.id && user.roles.includes(role));
  if (known) return known;
  const accountId = `demo-${role}-${organisation.id}`;
  return {
    accountId,
    personId: accountId,
    tenant: DEMO_TENANT,
    organisation: organisation.id,
    roles: [role],
  };
}

/** Who pays for the student: the demo payers for two of the high school, a family without a login for all others. */
export function payerOf(organisation: DemoOrganisation, student: DemoStudent): Caller {
  const own = organisation === DEMO_HIGH_SCHOOL ? OWN_CHILDREN[student.name] : undefined;
  const known = own && demoUser(own);
  if (known) return known;
  const accountId = `demo-family-${organisation.id}-${student.studentNo}`;
  return { accountId, personId: accountId, tenant: DEMO_TENANT, roles: ['payer'] };
}

const OWN_CHILDREN: Readonly<Record<string, string>> = { 学生0002: 'payer', 学生0003: 'payer2' };
