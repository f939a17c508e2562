import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { ApprovalById, DecideApproval } from '#libs/approvals/contract/index.js';
import { asId, type ContractId } from '#libs/kernel/ids/index.js';
import { OTHER_SCHOOL, recordedEvents, SCHOOL, TENANT } from '#libs/testing/callers.js';
import {
  BUREAU,
  bursar,
  coursesWorld,
  inspector,
  MassRefundJobs,
  operator,
  payer,
  yuan,
  type CoursesWorld,
} from '#libs/testing/courses-world.js';
import {
  DAY_MS,
  lesson,
  moverFor,
  signedContract,
  TERMINAL,
  tuitionInput,
} from '#libs/testing/contracts-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { readWorkbookFile } from '#libs/testing/read-workbook.js';
import {
  CloseInstitution,
  MassRefundById,
  MassRefundReport,
  MassRefundsOf,
  type MassRefundView,
} from './contract/mass-refund.js';
import { massRefundAggregate } from './codec/index.js';
import { windUp } from './application/mass-refund/wind-up.js';
import { REGIONS, type Regions } from './contract/templates.js';

Logger.overrideLogger(false);

const close = (context = inspector(), idempotencyKey = 'close', organisationId = SCHOOL) =>
  new CloseInstitution(context, { idempotencyKey, organisationId, reason: '机构停业' });

async function decide(
  world: CoursesWorld,
  refund: MassRefundView,
  checker = inspector('inspector-2'),
  grant = true,
) {
  const approvalId = asId<'approval'>(refund.approvalId);
  const { payloadHash } = (await world.query(new ApprovalById(checker, approvalId)))!;
  return world.execute(new DecideApproval(checker, { approvalId, payloadHash, grant, comment: '' }));
}

/** Until nothing runs and everything that was written has been read. */
async function finished(world: CoursesWorld, refund: MassRefundView): Promise<MassRefundView> {
  await world.settled();
  await world.part(MassRefundJobs).run(refund.id);
  await world.settled();
  return (await world.query(new MassRefundById(inspector(), refund.id)))!;
}

async function attested(world: CoursesWorld, contractId: ContractId, lessonNo: number): Promise<void> {
  const evidence = TERMINAL.signed(lesson(contractId, lessonNo, world.now()));
  accepted<unknown>(
    await world.contracts.attest(moverFor(`${contractId} lesson ${lessonNo}`), contractId, evidence),
  );
}

const codeOf = (outcome: { accepted: boolean; rejection?: { code: string } }) =>
  outcome.accepted ? 'accepted' : outcome.rejection?.code;

/** What lies in custody, from the postings alone. */
async function custodyIn(world: CoursesWorld): Promise<bigint> {
  let held = 0n;
  for (const { data } of await recordedEvents(world.log)) {
    const postings = (
      data as { postings?: { source: string; destination: string; amount: { amount: string } }[] }
    ).postings;
    for (const { source, destination, amount } of postings ?? []) {
      if (destination.startsWith('custody:')) held += BigInt(amount.amount);
      if (source.startsWith('custody:')) held -= BigInt(amount.amount);
    }
  }
  return held;
}

describe('a mass refund', () => {
  it('winds every live contract of the school up, once a second person agreed, and leaves what is earned', async () => {
    await using world = await coursesWorld();
    const { contracts } = world;
    const fresh = await world.running('fresh');
    const cooling = await world.running('cooling');
    const disputed = await world.running('disputed');
    const frozen = await world.running('frozen');
    const unpaid = await signedContract(world, tuitionInput(world.now(), 'unpaid'));
    const foreign = await world.running('foreign', {
      organisationId: OTHER_SCHOOL,
      parties: [
        { role: 'payer', partyId: 'payer-1', kind: 'account', payTo: null },
        { role: 'school', partyId: OTHER_SCHOOL, kind: 'organisation', payTo: `org:${OTHER_SCHOOL}:payable` },
        { role: 'bureau', partyId: BUREAU, kind: 'organisation', payTo: null },
      ],
    });
    await attested(world, cooling.contractId, 1);
    await attested(world, disputed.contractId, 1);
    const dispute = { kind: 'dispute' as const, reasonCode: 'OTHER' };
    const subject = { ruleId: 'lesson', dedupeKey: '1' };
    accepted<unknown>(
      await contracts.act(moverFor('d1'), 'payer', disputed.contractId, {
        ...dispute,
        disputeId: 'd1',
        subject,
      }),
    );
    accepted<unknown>(
      await contracts.act(moverFor('d2'), 'payer', frozen.contractId, {
        ...dispute,
        disputeId: 'd2',
        subject: null,
      }),
    );
    await world.settled();
    const requested = accepted<MassRefundView>(await world.execute(close()));
    expect(requested).toMatchObject({ status: 'REQUESTED', contracts: 5, processed: 0, authorityId: BUREAU });
    expect(accepted<MassRefundView>(await world.execute(close()))).toEqual(requested);
    // Nobody alone: not the one who asked, whatever the account.
    expect(codeOf(await decide(world, requested, inspector('inspector-1')))).toBe('SAME_PERSON');
    expect((await finished(world, requested)).status).toBe('REQUESTED');
    const before = await custodyIn(world);
    accepted<unknown>(await decide(world, requested));
    const done = await finished(world, requested);
    expect(done).toMatchObject({
      status: 'COMPLETED',
      processed: 5,
      left: 1,
      sums: [{ heldBefore: yuan(4_800), refunded: yuan(3_400), released: yuan(0), owed: yuan(1_400) }],
    });
    // The ledger says the same: what was refunded has left custody, and nothing else.
    expect(before - (await custodyIn(world))).toBe(done.sums[0]!.refunded.amount);
    const statusOf = async ({ contractId }: { contractId: ContractId }) => {
      const { status, held } = (await contracts.find(TENANT, contractId))!;
      return [status, held];
    };
    expect(await Promise.all([fresh, cooling, disputed, frozen, unpaid, foreign].map(statusOf))).toEqual([
      ['completed', yuan(0)],
      ['closing', yuan(100)],
      ['closing', yuan(100)],
      ['frozen', yuan(1_200)],
      ['cancelled', yuan(0)],
      ['active', yuan(1_200)],
    ]);
    const report = (await world.query(new MassRefundReport(inspector(), done.id, 'zh-CN')))!;
    const rows = (await readWorkbookFile(report.content)).rows.map(({ cells }) => cells);
    expect(rows).toHaveLength(7);
    expect(rows[0]!.slice(0, 4)).toEqual(['合约', '模板', '事项', '付款方账户']);
    expect(rows.at(-1)!.slice(0, 9)).toEqual([
      '合计',
      '',
      '',
      '',
      '4800.00',
      '3400.00',
      '0.00',
      '1400.00',
      'CNY',
    ]);
    const left = rows.find((row) => row[0] === frozen.contractId)!;
    expect(left.slice(3)).toEqual([
      'payer-1',
      '1200.00',
      '0.00',
      '0.00',
      '1200.00',
      'CNY',
      'frozen',
      'CONTRACT_FROZEN',
    ]);
    // What was earned is paid when its notice is over.
    world.pass(10 * DAY_MS);
    await world.tick();
    expect(await statusOf(cooling)).toEqual(['completed', yuan(0)]);
  });

  it('is asked for by an authority for its own contracts, by operations for all, by nobody for themselves', async () => {
    await using world = await coursesWorld();
    await world.running('one');
    const alone = {
      parties: [
        { role: 'payer', partyId: 'payer-1', kind: 'account' as const, payTo: null },
        { role: 'school', partyId: SCHOOL, kind: 'organisation' as const, payTo: `org:${SCHOOL}:payable` },
        { role: 'bureau', partyId: 'bureau-2', kind: 'organisation' as const, payTo: null },
      ],
    };
    const other = await world.running('two', alone);
    await world.settled();
    expect(codeOf(await world.execute(close(payer())))).toBe('FORBIDDEN');
    expect(codeOf(await world.execute(close(bursar())))).toBe('FORBIDDEN');
    expect(codeOf(await world.execute(close(inspector('own', SCHOOL))))).toBe('NOTHING_TO_REFUND');
    expect(codeOf(await world.execute(close(inspector('stranger', OTHER_SCHOOL))))).toBe('NOTHING_TO_REFUND');
    expect(codeOf(await world.execute(close(operator(), 'none', asId('nobody'))))).toBe('NOTHING_TO_REFUND');
    const own = accepted<MassRefundView>(await world.execute(close()));
    expect(own).toMatchObject({ contracts: 1 });
    expect(codeOf(await world.execute(close(inspector(), 'close', OTHER_SCHOOL)))).toBe(
      'IDEMPOTENCY_CONFLICT',
    );
    accepted<unknown>(await decide(world, own, inspector('inspector-2'), false));
    expect((await finished(world, own)).status).toBe('DECLINED');
    const all = accepted<MassRefundView>(await world.execute(close(operator(), 'all')));
    expect(all).toMatchObject({ contracts: 2, authorityId: null });
    accepted<unknown>(await decide(world, all, operator('ops-2')));
    await world.settled();
    await world.part(MassRefundJobs).run(all.id);
    await world.settled();
    const seen = (context: typeof bursar extends (...given: never[]) => infer Context ? Context : never) =>
      world.query(new MassRefundById(context, all.id));
    expect(await seen(operator())).toMatchObject({ status: 'COMPLETED', processed: 2, left: 0 });
    expect(await seen(bursar())).toMatchObject({ status: 'COMPLETED' });
    expect(await seen(bursar(OTHER_SCHOOL))).toBeUndefined();
    expect(await seen(payer())).toBeUndefined();
    expect(await seen(inspector('inspector-1'))).toBeUndefined();
    expect(await world.query(new MassRefundReport(payer(), all.id, 'en-US'))).toBeUndefined();
    const { items } = await world.query(new MassRefundsOf(inspector(), { first: 5 }));
    expect(items.map(({ item }) => item.id)).toEqual([own.id]);
    // An override is recorded as what it is, not in the name of an authority that was not asked.
    expect(await world.contracts.find(TENANT, other.contractId)).toMatchObject({ held: yuan(0) });
  });

  it('killed between a contract and its record: the record says what was done the first time', async () => {
    await using world = await coursesWorld();
    const named = [];
    for (const name of ['one', 'two', 'three']) named.push(await world.running(name));
    for (const { contractId } of named) await attested(world, contractId, 1);
    await world.settled();
    const requested = accepted<MassRefundView>(await world.execute(close()));
    const { state } = await world.store.load(massRefundAggregate, requested.id);
    if (state.status === 'absent') throw new Error('missing');
    const parts = {
      store: world.store,
      regions: world.part<Regions>(REGIONS),
      runtime: { clock: { now: () => world.now(), monotonicMs: () => 0 } } as never,
    };
    const first = await windUp(parts, state, named[0]!.contractId);
    // Meanwhile the notice is over: the second time the contract looks quite another.
    world.pass(10 * DAY_MS);
    await world.tick();
    expect(await world.contracts.find(TENANT, named[0]!.contractId)).toMatchObject({ status: 'completed' });
    expect(await windUp(parts, state, named[0]!.contractId)).toEqual(first);
    expect(first).toMatchObject({
      heldBefore: 120_000n,
      refunded: 110_000n,
      owed: 10_000n,
      status: 'closing',
    });
  });

  it('stopped in the middle goes on after the next start, and does nothing twice', async () => {
    await using world = await coursesWorld();
    for (const name of ['one', 'two', 'three']) await world.running(name);
    await world.settled();
    const requested = accepted<MassRefundView>(await world.execute(close()));
    const jobs = world.part(MassRefundJobs);
    await jobs.stop();
    accepted<unknown>(await decide(world, requested));
    expect((await finished(world, requested)).status).toBe('RUNNING');
    await jobs.start();
    await jobs.run(requested.id);
    await jobs.stop();
    const done = await finished(world, requested);
    expect(done).toMatchObject({ status: 'COMPLETED', processed: 3, left: 0 });
    const refunds = (await recordedEvents(world.log)).filter(({ type }) => type === 'FundsRefunded.v1');
    expect(refunds).toHaveLength(3);
  });
});
