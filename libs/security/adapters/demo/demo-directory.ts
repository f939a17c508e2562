/**
 * Who and what the demo knows: read by the embedded issuer (whom it lets in) and by the demo seed (what they find).
 * Nobody here exists. Every id is a constant, so that a token, a bill and a receipt of one run fit another's.
 */
import { asId, type OrganisationId, type TenantId } from '#libs/kernel/ids/index.js';
import type { Caller, Role } from '#libs/security/port/index.js';

export const DEMO_TENANT: TenantId = asId<'tenant'>('demo-bank');

export interface DemoOrganisation {
  readonly id: OrganisationId;
  readonly nameZh: string;
  readonly nameEn: string;
}

function organisation(id: string, nameZh: string, nameEn: string): DemoOrganisation {
  return { id: asId<'organisation'>(id), nameZh, nameEn };
}

/** Primary school, 18 classes. */
export const DEMO_PRIMARY_SCHOOL = organisation('school-1', '示范第一小学', 'Demo First Primary School');
/** High school of 高一, 高二, 高三; the sample workbook of 1,200 students is its. */
export const DEMO_HIGH_SCHOOL = organisation('school-2', '示范高级中学', 'Demo High School');
export const DEMO_TRAINING_CENTRE = organisation('training-1', '示范培训中心', 'Demo Training Centre');
/** Hall of counters for taxes and utilities; only its staff exist so far. */
export const DEMO_SERVICE_HALL = organisation('hall-1', '示范区政务大厅', 'Demo District Service Hall');

/** Watches over schools that take money in advance; a party of every course order. */
export const DEMO_BUREAU = organisation('bureau-1', '示范区教育局', 'Demo District Education Bureau');

export const DEMO_ORGANISATIONS: readonly DemoOrganisation[] = [
  DEMO_PRIMARY_SCHOOL,
  DEMO_HIGH_SCHOOL,
  DEMO_TRAINING_CENTRE,
  DEMO_SERVICE_HALL,
  DEMO_BUREAU,
];

export interface DemoUser extends Caller {
  /** What is typed at the login. */
  readonly username: string;
  /** `<role>-demo`: shown on the console of the demo, worth nothing elsewhere. */
  readonly password: string;
  readonly nameZh: string;
  readonly nameEn: string;
}

interface DemoUserEntry {
  readonly username: string;
  readonly role: Role;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly organisation?: DemoOrganisation;
}

function user({ username, role, nameZh, nameEn, organisation: home }: DemoUserEntry): DemoUser {
  return {
    username,
    password: `${role}-demo`,
    accountId: `demo-${username}`,
    personId: `demo-person-${username}`,
    tenant: DEMO_TENANT,
    ...(home && { organisation: home.id }),
    roles: [role],
    nameZh,
    nameEn,
  };
}

/** The first user of a role is the one `demo-token <role>` speaks for. */
export const DEMO_USERS: readonly DemoUser[] = [
  user({
    username: 'bursar',
    role: 'bursar',
    nameZh: '示范财务甲',
    nameEn: 'Demo Bursar',
    organisation: DEMO_HIGH_SCHOOL,
  }),
  user({
    username: 'bursar1',
    role: 'bursar',
    nameZh: '示范财务乙',
    nameEn: 'Demo Bursar (primary school)',
    organisation: DEMO_PRIMARY_SCHOOL,
  }),
  user({ username: 'payer', role: 'payer', nameZh: '示范缴费人甲', nameEn: 'Demo Payer' }),
  user({ username: 'payer2', role: 'payer', nameZh: '示范缴费人乙', nameEn: 'Second Demo Payer' }),
  user({
    username: 'clerk',
    role: 'clerk',
    nameZh: '示范柜员',
    nameEn: 'Demo Clerk',
    organisation: DEMO_HIGH_SCHOOL,
  }),
  user({
    username: 'supervisor',
    role: 'supervisor',
    nameZh: '示范主管',
    nameEn: 'Demo Supervisor',
    organisation: DEMO_HIGH_SCHOOL,
  }),
  user({
    username: 'taxofficer',
    role: 'taxofficer',
    nameZh: '示范税务员',
    nameEn: 'Demo Tax Officer',
    organisation: DEMO_SERVICE_HALL,
  }),
  user({ username: 'bd', role: 'bd', nameZh: '示范商务拓展', nameEn: 'Demo Business Developer' }),
  user({ username: 'ops', role: 'ops', nameZh: '示范运营', nameEn: 'Demo Operations' }),
  user({ username: 'auditor', role: 'auditor', nameZh: '示范审计员', nameEn: 'Demo Auditor' }),
  user({
    username: 'bursar2',
    role: 'bursar',
    nameZh: '示范财务丙',
    nameEn: 'Demo Bursar (training centre)',
    organisation: DEMO_TRAINING_CENTRE,
  }),
  user({
    username: 'inspector',
    role: 'supervisor',
    nameZh: '示范督导',
    nameEn: 'Demo Inspector (education bureau)',
    organisation: DEMO_BUREAU,
  }),
  // The second person for what operations of the bank ask for.
  user({ username: 'ops2', role: 'ops', nameZh: '示范运营乙', nameEn: 'Second Demo Operations' }),
];

/** By login name, which for the first user of each role is the role's name. */
export function demoUser(username: string): DemoUser | undefined {
  return DEMO_USERS.find((candidate) => candidate.username === username);
}
