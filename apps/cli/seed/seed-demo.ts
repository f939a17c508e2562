import { DefineFeeItem } from '#libs/billing/contract/index.js';
import { epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import { RegisterOrganisation } from '#libs/onboarding/contract/index.js';
import { DEMO_ORGANISATIONS, DEMO_PRIMARY_SCHOOL } from '#libs/security/adapters/demo/demo-directory.js';
import { bursarOf, contextOf, demoCaller } from './demo-callers.js';
import { byMoment, planDemo, type PlannedSchool, type PlannedWave } from './demo-plan.js';
import { laidOut, planContracts } from './demo-contracts.js';
import { planOccasions } from './demo-occasions.js';
import { asFarAsPossible, contractActsOf } from './play-contracts.js';
import { type Act, actsOf, setTerms } from './play-occasions.js';
import { fillWallets, payAll, type Purses } from './pay.js';
import { publishRoster } from './publish-roster.js';
import { accepted, type SeedTarget } from './seed-target.js';

export interface SeedOptions {
  /** The demo's present; everything happened before. The same moment and scale give the same demo, and seeding again nothing. */
  readonly now: Instant;
  /** 1: a tenth of the demo (first run). 10: all of it. */
  readonly scale: number;
  /** A seed that was cut short was begun with the same moment and scale. */
  readonly goesOn?: boolean;
  readonly onProgress?: (what: string) => void;
}

export interface SeedSummary {
  readonly organisations: number;
  readonly students: number;
  readonly bills: number;
  readonly payments: number;
  /** A student whose bills are open: what a visitor can look up and pay. */
  readonly openStudent: {
    readonly organisationId: string;
    readonly studentNo: string;
    readonly name: string;
  };
}

/**
 * Plays five weeks at the demo schools, through the commands that people use. Every id and key is derived, so that a seed
 * which was interrupted can be run again with the same options.
 *
 * @throws SeedRefused
 */
export async function seedDemo(target: SeedTarget, options: SeedOptions): Promise<SeedSummary> {
  const { now, scale, goesOn = false, onProgress = () => undefined } = options;
  const schools = planDemo(now, scale);
  const waves = schools
    .flatMap(({ school, waves: own }) => own.map((wave) => ({ school, wave })))
    .sort((a, b) => (a.wave.issuedAt < b.wave.issuedAt ? -1 : 1));
  const occasions = planOccasions(schools, now);
  const plan = planContracts(now);
  const payments = [...schools.flatMap((school) => school.payments), ...occasions.payments];

  target.clock.moveTo(waves[0]?.wave.issuedAt ?? now);
  await registerOrganisations(target);
  await setTerms(target);
  for (const { school } of schools) await defineFeeItems(target, school);
  const purses: Purses = await fillWallets(target, payments, laidOut(plan));
  onProgress('organisations, fee items and wallets');

  const contracts = contractActsOf({ target, plan, purses }, studentsOfPrimary(schools));
  const acts: readonly Act[] = [
    ...waves.map((one) => ({ at: one.wave.issuedAt, play: () => issue(target, one, onProgress) })),
    ...byMoment(payments).map(([at, group]) => ({ at, play: () => payAll(target, group, purses) })),
    ...actsOf(target, occasions, purses),
    ...(goesOn ? asFarAsPossible(contracts, (what) => onProgress(`left out: ${what}`)) : contracts),
  ];
  for (const { at, play } of acts.toSorted((a, b) => epochMsOf(a.at) - epochMsOf(b.at))) {
    target.clock.moveTo(at);
    await play();
  }
  onProgress(`${payments.length} payments, refunds, a cancelled receipt, a mandate and a complaint`);
  onProgress(`a course with ${plan.orders.length} orders, a deposit and a campaign`);
  if (target.sandboxBank) {
    target.clock.moveToPresent();
    await payAll(target, occasions.byOperator, purses);
    onProgress(`${occasions.byOperator.length} payments by the sandbox bank`);
  }
  target.clock.moveTo(now);
  return { ...summaryOf(schools), payments: payments.length };
}

async function issue(
  target: SeedTarget,
  { school, wave }: { readonly school: PlannedSchool['school']; readonly wave: PlannedWave },
  onProgress: (what: string) => void,
): Promise<void> {
  await publishRoster(target, school, wave);
  onProgress(`${school.organisation.nameZh}：${wave.name}`);
}

async function registerOrganisations(target: SeedTarget): Promise<void> {
  const bd = demoCaller('bd');
  for (const { id, nameZh, nameEn } of DEMO_ORGANISATIONS) {
    const input = { organisationId: id, nameZh, nameEn, kind: 'school' as const };
    const outcome = await target.execute(new RegisterOrganisation(contextOf(bd), input));
    accepted(outcome, `register ${id}`);
  }
}

async function defineFeeItems(target: SeedTarget, school: PlannedSchool['school']): Promise<void> {
  const organisationId = school.organisation.id;
  const context = contextOf(bursarOf(school.organisation));
  for (const item of school.feeItems) {
    const idempotencyKey = `demo-fee-${organisationId}-${item.code}`;
    const outcome = await target.execute(
      new DefineFeeItem(context, { idempotencyKey, organisationId, ...item }),
    );
    accepted(outcome, `define ${item.code} of ${organisationId}`);
  }
}

function studentsOfPrimary(schools: readonly PlannedSchool[]): PlannedSchool['students'] {
  return schools.find(({ school }) => school.organisation === DEMO_PRIMARY_SCHOOL)?.students ?? [];
}

function summaryOf(schools: readonly PlannedSchool[]): Omit<SeedSummary, 'payments'> {
  const [first] = schools;
  const open = first?.students[0];
  if (!first || !open) throw new Error('The demo has no students.');
  const { studentNo, name } = open;
  return {
    organisations: schools.length,
    students: schools.reduce((sum, { students }) => sum + students.length, 0),
    bills: schools.reduce((sum, { waves }) => sum + waves.reduce((of, { rows }) => of + rows.length, 0), 0),
    openStudent: { organisationId: first.school.organisation.id, studentNo, name },
  };
}
