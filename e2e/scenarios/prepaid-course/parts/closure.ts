import { createHash } from 'node:crypto';
import { readSheet } from 'read-excel-file/universal';
import { contractOf } from '../../contract-acts.js';
import { approve } from '../../money-core/approving.js';
import { holds } from '../../money-core/holds.js';
import { type Money, fen, yuan } from '../../money-core/money.js';
import { type Person, settled } from '../../person.js';
import { orderBecomes } from '../course-acts.js';
import { custodyOf } from '../custody.js';
import type { CourseStory } from '../story.js';
import { vote } from './lessons.js';

interface Sums {
  readonly heldBefore: Money;
  readonly refunded: Money;
  readonly released: Money;
  readonly owed: Money;
}

interface MassRefund {
  readonly __typename: string;
  readonly id: string;
  readonly approvalId: string;
  readonly state: string;
  readonly processed: number;
  readonly total: number;
  readonly rowErrors: number;
  readonly resultUrl: string | null;
  readonly sums: readonly Sums[];
}

const MASS_REFUND = `id approvalId state processed total rowErrors resultUrl
  sums { heldBefore { amount } refunded { amount } released { amount } owed { amount } }`;
const FIGURES = ['heldBefore', 'refunded', 'released', 'owed'] as const;
/** Of the report: contract, then figures from the fifth column on. */
const FIRST_FIGURE = 4;
const LIVE = ['DRAFTED', 'AWAITING_FUNDING', 'ACTIVE', 'FROZEN', 'CLOSING'];

/** The school fails. */
export async function closure(story: CourseStory): Promise<void> {
  story.part('The school closes');
  const inspector = story.person('inspector');
  let before: ReadonlyMap<string, string>;
  let refund!: MassRefund;

  await story.step(
    'asked for by the bureau, and nothing moves before a second person has agreed',
    async () => {
      before = await liveOf(story);
      const input = { idempotencyKey: story.key(), organisationId: story.school, reason: '机构停业' };
      for (const name of ['bursar', 'payer'] as const) {
        const refused = await story.person(name).act<MassRefund>('closeInstitution', input, '');
        holds(`asked for by the ${name}`, refused, { __typename: 'Forbidden' });
      }
      refund = await inspector.act<MassRefund>(
        'closeInstitution',
        input,
        `... on MassRefund { ${MASS_REFUND} }`,
      );
      holds('the mass refund', refund, {
        state: 'CHECKED',
        total: before.size,
        processed: 0,
        resultUrl: null,
      });
      const own = await inspector.get<{ readonly mayDecide: boolean } | null>(
        'query A($id: ID!) { approval(id: $id) { mayDecide } }',
        { id: refund.approvalId },
      );
      holds('whoever asked', own ?? { mayDecide: false }, { mayDecide: false });
      holds('meanwhile', await contractOf(inspector, story.order('byOperator').contractId), {
        status: 'ACTIVE',
      });
      return `${before.size} live contracts`;
    },
  );

  await story.step('carried out to the end', async () => {
    await approve(story.person('ops'), refund.approvalId, 'RELEASE_OVERRIDE');
    const ask = () =>
      inspector.get<MassRefund>(`query M($id: ID!) { massRefund(id: $id) { __typename ${MASS_REFUND} } }`, {
        id: refund.id,
      });
    refund = await settled(ask, ({ state }) => state === 'PUBLISHED').catch(ask);
    holds('the job', refund, {
      state: 'PUBLISHED',
      processed: before.size,
      total: before.size,
      rowErrors: 0,
    });
    const [sums] = refund.sums;
    const { heldBefore, ...parts } = sums!;
    const together = Object.values(parts).reduce((sum: bigint, { amount }) => sum + fen(amount), 0n);
    holds('refunded, released and owed together', yuan(together), heldBefore.amount);
    return `¥${parts.refunded.amount} back to payers, ¥${parts.owed.amount} still owed`;
  });

  await story.step('the report, read by another program, says what the contracts and the ledger say', () =>
    report(story, refund, before),
  );
  await story.step('what was left to decide is decided, and every order has ended', () => ended(story));
}

/** What each live contract of the school holds. */
async function liveOf(story: CourseStory): Promise<ReadonlyMap<string, string>> {
  const held = new Map<string, string>();
  for (let after: string | null = null; ;) {
    const page: {
      readonly nodes: readonly { readonly number: string; readonly held: Money }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    } = await story.person('inspector').get(
      `query L($filter: ReleaseContractFilter, $after: String) { releaseContracts(filter: $filter, first: 100, after: $after) {
        nodes { number held { amount } } pageInfo { hasNextPage endCursor } } }`,
      { filter: { organisationId: story.school, statuses: LIVE }, after },
    );
    for (const { number, held: of } of page.nodes) held.set(number, of.amount);
    if (!page.pageInfo.hasNextPage) return held;
    after = page.pageInfo.endCursor;
  }
}

async function report(
  story: CourseStory,
  { resultUrl, sums }: MassRefund,
  before: ReadonlyMap<string, string>,
): Promise<string> {
  const file = await fetch(resultUrl!);
  holds('the report', file.status, 200);
  const bytes = await file.arrayBuffer();
  const sheet = (await readSheet(bytes)).map((row) => row.map((cell) => String(cell ?? '')));
  const rows = sheet.slice(1, -1);
  const total = sheet.at(-1)!;
  holds('rows of the report', rows.length, before.size);
  const byContract = new Map(rows.map((row) => [row[0]!, row]));
  for (const [number, held] of before) {
    const row = byContract.get(number);
    holds(`row of ${number}`, row?.[FIRST_FIGURE], held);
  }
  for (const [index, figure] of FIGURES.entries()) {
    const column = rows.map((row) => fen(row[FIRST_FIGURE + index]!));
    const sum = yuan(column.reduce((all, amount) => all + amount, 0n));
    holds(`${figure} of all rows`, sum, total[FIRST_FIGURE + index]);
    holds(`${figure} of the job`, sum, sums[0]![figure].amount);
  }
  await custodyOf(story, [...story.made.contractIds]);
  const forged = await fetch(resultUrl!.replace(/token=.*/, 'token=x'));
  holds('the report without its token', forged.status, 404);
  const digest = createHash('sha256').update(new Uint8Array(bytes)).digest('hex').slice(0, 8);
  return `${rows.length} rows (${digest}…), its sums those of the job, its contracts those of the ledger`;
}

async function ended(story: CourseStory): Promise<string> {
  const [payer, payer2, inspector] = [
    story.person('payer'),
    story.person('payer2'),
    story.person('inspector'),
  ];
  await orderBecomes(payer, story.order('byOperator'), {
    status: 'ENDED',
    released: { amount: '50.00' },
    refunded: { amount: '1150.00' },
  });
  await orderBecomes(payer2, story.order('unpaid'), { status: 'CANCELLED', funded: { amount: '0.00' } });
  await orderBecomes(payer2, story.order('given'), {
    status: 'ENDED',
    released: { amount: '50.00' },
    refunded: { amount: '1150.00' },
  });
  await disputed(story, payer, inspector);
  const lessons = story.made.contracts.get('lessons')!;
  const confirming = {
    idempotencyKey: story.key(),
    contractId: lessons.id,
    ruleId: 'lesson',
    dedupeKey: '2',
  };
  const confirmed = await payer.act('confirmUnit', confirming, '... on ReleaseContract { status }');
  holds('the lesson that was given, confirmed after the end', confirmed, { status: 'REFUNDED' });
  holds('its figures', await contractOf(payer, lessons.id), {
    released: { amount: '100.00' },
    refunded: { amount: '1100.00' },
    held: { amount: '0.00' },
  });
  holds('the meter', await contractOf(payer, story.made.contracts.get('meter')!.id), {
    status: 'REFUNDED',
    refunded: { amount: '47.00' },
    held: { amount: '0.00' },
  });
  return 'lessons given are paid, the one in dispute comes back, nothing is left in custody';
}

/** The dispute about a lesson outlives the school. */
async function disputed(story: CourseStory, payer: Person, inspector: Person): Promise<void> {
  const order = story.order('objected');
  const { openDispute, held } = await contractOf(payer, order.contractId);
  holds('held for the dispute', held.amount, '50.00');
  const refund = { disputeId: openDispute!.disputeId, outcome: 'REFUND' } as const;
  await vote(story, payer, order, refund);
  await vote(story, inspector, order, refund);
  await orderBecomes(payer, order, {
    status: 'ENDED',
    released: { amount: '0.00' },
    refunded: { amount: '1200.00' },
    held: { amount: '0.00' },
  });
}
