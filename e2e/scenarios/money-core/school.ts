import { type Person, settled } from '../person.js';
import { handIn, publish } from '../tuition-acts.js';
import { dayFromToday } from './days.js';
import { holds } from './holds.js';
import type { Money } from './money.js';

/** Of the run that the school takes part in. */
export interface SchoolRun {
  readonly bursar: Person;
  readonly run: string;
  key(): string;
}

export interface Charge {
  readonly amount: string;
  /** Without one: a student of its own. */
  readonly student?: string;
  /** Tells several bills of one student apart. */
  readonly term?: string;
  readonly dueDate?: string;
}

export interface Bill {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly payer: { readonly number: string; readonly name: string | null };
  readonly dueDate: string;
  readonly total: Money;
  readonly paid: Money;
  readonly refunded: Money;
  readonly lateFeeCharged: Money;
  readonly outstanding: Money;
  readonly reserved: Money;
  readonly payments: readonly { readonly id: string; readonly status: string; readonly channel: string }[];
}

const BILL =
  'id number status payer { number name } dueDate total { amount } paid { amount } refunded { amount } lateFeeCharged { amount } outstanding { amount } reserved { amount } payments { id status channel }';

interface Terms {
  readonly partialAllowed: boolean;
  readonly minimumPartial: Money;
  readonly advanceAllowed: boolean;
  readonly expiresAfterDays: number | null;
  readonly lateFee: object | null;
  readonly rebate: object | null;
}

const TERMS =
  'inForce terms { partialAllowed minimumPartial { amount } advanceAllowed expiresAfterDays lateFee { rate graceDays flat { amount } minimum { amount } maximum { amount } order } rebate { share untilDaysBeforeDue } }';

/** Bills of this run are paid in parts of ¥20 at least, and may be overpaid. */
export const USUAL_TERMS = {
  partialAllowed: true,
  minimumPartial: { amount: '20.00' },
  advanceAllowed: true,
} as const;

export const STUDENT_NAME = '学生0001';

interface SchoolFacts {
  readonly id: string;
  readonly code: string;
  readonly feeItem: string;
  readonly termsBefore: Terms;
}

/** The organisation whose bursar, clerk and supervisor take part, and the bills it issues for this run. */
export class School {
  #batches = 0;
  #students = 0;

  private constructor(
    private readonly story: SchoolRun,
    private readonly facts: SchoolFacts,
  ) {}

  static async of(story: SchoolRun): Promise<School> {
    const { bursar } = story;
    const { id, code } = await bursar.get<{ readonly id: string; readonly code: string }>(
      '{ organisation { id code } }',
    );
    const items = await bursar.get<readonly { readonly code: string }[]>('{ feeItems { code } }');
    const versions = await bursar.get<readonly { readonly inForce: boolean; readonly terms: Terms }[]>(
      `{ billingTerms { ${TERMS} } }`,
    );
    const before = versions.find(({ inForce }) => inForce)!.terms;
    const school = new School(story, { id, code, feeItem: items[0]!.code, termsBefore: before });
    await school.setTerms(USUAL_TERMS);
    return school;
  }

  get id(): string {
    return this.facts.id;
  }

  get code(): string {
    return this.facts.code;
  }

  /** `org:<code>:payable` */
  get payable(): string {
    return `org:${this.code}:payable`;
  }

  student(): string {
    return `M${this.story.run}${String((this.#students += 1)).padStart(3, '0')}`;
  }

  /** For bills issued from now on. */
  async setTerms(terms: object): Promise<void> {
    const { bursar } = this.story;
    const input = { idempotencyKey: this.story.key(), effectiveFrom: dayFromToday(0), terms };
    const set = await bursar.act('setBillingTerms', input, '... on BillingTermsVersion { inForce }');
    holds('terms of the organisation', set, { __typename: 'BillingTermsVersion', inForce: true });
  }

  /** Issues bills by a workbook, as a bursar does. In the order of `charges`. */
  async issue(charges: readonly Charge[]): Promise<readonly Bill[]> {
    const { bursar, run } = this.story;
    const group = `${run}-${(this.#batches += 1)}`;
    const rows = charges.map(({ amount, student = this.student(), term = '1', dueDate = '2099-09-30' }) => ({
      student,
      term,
      line: `2026-2027,${term},${student},${STUDENT_NAME},一年级,${group},${this.facts.feeItem},${amount},${dueDate}`,
    }));
    const header = 'academicYear,term,studentNo,name,grade,className,feeItem,amount,dueDate';
    const file = [header, ...rows.map(({ line }) => line), ''].join('\n');
    const published = await publish(
      bursar,
      await handIn(bursar, new TextEncoder().encode(file), `${group}.csv`),
    );
    holds('bills issued', published.result, { issued: charges.length, refused: 0 });
    const { nodes } = await settled(
      () =>
        bursar.get<{ readonly nodes: readonly (Bill & { readonly term: string })[] }>(
          `query B($filter: BillFilter) { bills(first: 250, filter: $filter) { nodes { ${BILL} term } } }`,
          { filter: { group } },
        ),
      (found) => found.nodes.length === charges.length,
    );
    return rows.map(({ student, term }) =>
      nodes.find((one) => one.payer.number === student && one.term === term)!,
    );
  }

  async one(amount: string): Promise<Bill> {
    return (await this.issue([{ amount }]))[0]!;
  }

  bill(id: string): Promise<Bill> {
    return this.story.bursar.get<Bill>(`query B($id: ID!) { bill(id: $id) { ${BILL} } }`, { id });
  }

  /** Waits until the bill is so. @throws NotAsItShouldBe with what it is instead */
  async billBecomes(
    id: string,
    wanted: { readonly status: string; readonly outstanding: string },
  ): Promise<Bill> {
    const isSo = ({ status, outstanding }: Bill): boolean =>
      status === wanted.status && outstanding.amount === wanted.outstanding;
    const found = await settled(() => this.bill(id), isSo).catch(() => this.bill(id));
    holds('the bill', found, { status: wanted.status, outstanding: { amount: wanted.outstanding } });
    return found;
  }

  async timeline(id: string): Promise<readonly string[]> {
    const { timeline } = await this.story.bursar.get<{
      readonly timeline: readonly { readonly type: string }[];
    }>('query B($id: ID!) { bill(id: $id) { timeline { type } } }', { id });
    return timeline.map(({ type }) => type);
  }

  /** Later bills are issued on the terms that were there before the run. */
  async close(): Promise<void> {
    const given = Object.entries(this.facts.termsBefore).filter(([, value]) => value !== null);
    await this.setTerms(withoutNulls(Object.fromEntries(given)));
  }
}

function withoutNulls(value: object): object {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== null)
    .map(([name, field]: [string, unknown]) => [
      name,
      typeof field === 'object' && field !== null ? withoutNulls(field) : field,
    ]);
  return Object.fromEntries(fields) as object;
}
