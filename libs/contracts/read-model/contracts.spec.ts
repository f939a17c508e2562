import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL } from '#libs/testing/callers.js';
import {
  BUREAU,
  DAY_MS,
  lesson,
  moverFor,
  TERMINAL,
  TUITION_PARTIES,
  tuitionInput,
  yuan,
} from '#libs/testing/contracts-world.js';
import { contractsWorld, type ContractsWorld } from '#libs/testing/contracts-views-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import {
  ContractById,
  ContractsOf,
  ContractTimeline,
  UnitsOf,
  type ContractFilter,
} from '../contract/views.js';
import type { ContractTables } from './tables.js';

let world: ContractsWorld;
/** Of payer-1 with the school; of payer-2 with the school; of payer-1 with another school. */
let own: ContractId;
let others: ContractId;
let elsewhere: ContractId;

beforeAll(async () => {
  world = await contractsWorld();
  own = (await world.running('own')).contractId;
  world.pass(1_000);
  const withParty = (role: string, partyId: string) =>
    TUITION_PARTIES.map((party) => (party.role === role ? { ...party, partyId } : party));
  others = (await drafted('others', { parties: withParty('payer', 'payer-2') })).contractId;
  world.pass(1_000);
  const parties = withParty('school', OTHER_SCHOOL);
  elsewhere = (await drafted('elsewhere', { parties, organisationId: OTHER_SCHOOL })).contractId;
  await course();
});

afterAll(async () => world[Symbol.asyncDispose]());

async function drafted(name: string, change: object) {
  const input = { ...tuitionInput(world.now(), name), ...change };
  return accepted(await world.contracts.draft(moverFor(`draft ${name}`), 'school', input));
}

/** Three lessons: one confirmed, one objected to, one left to silence; then withdrawal. */
async function course() {
  for (const lessonNo of [1, 2, 3]) {
    world.pass(DAY_MS);
    const evidence = TERMINAL.signed(lesson(own, lessonNo, world.now()));
    accepted(await world.contracts.attest(moverFor(`lesson ${lessonNo}`), own, evidence));
  }
  const unit = (dedupeKey: string) => ({ ruleId: 'lesson', dedupeKey });
  const act = (step: string, role: string, ask: Parameters<typeof world.contracts.act>[3]) =>
    world.contracts.act(moverFor(step), role, own, ask).then(accepted);
  await act('confirm', 'payer', { kind: 'confirm', ...unit('1') });
  await act('object', 'payer', {
    kind: 'dispute',
    disputeId: 'dispute-1',
    subject: unit('2'),
    reasonCode: 'NOT_DELIVERED',
  });
  world.pass(10 * DAY_MS);
  await world.tick();
}

const list = (caller: Caller, filter: ContractFilter = {}) =>
  world.query(new ContractsOf(requestOf(caller), filter, { first: 10 }));
const idsOf = async (caller: Caller, filter?: ContractFilter) =>
  (await list(caller, filter)).items.map(({ item }) => item.contractId);

const payer = callerOf('payer', 'payer-1');
const bursar = callerOf('bursar', 'bursar-1', SCHOOL);
const auditor = callerOf('auditor', 'auditor-1');

describe('who finds which contracts', () => {
  const foreigner = { ...auditor, tenant: asId<'tenant'>('other') };
  const table: readonly [string, Caller, () => readonly ContractId[]][] = [
    ['a payer, those of the own account', payer, () => [elsewhere, own]],
    ['another payer', callerOf('payer', 'payer-2'), () => [others]],
    ['a payer without any', callerOf('payer', 'payer-3'), () => []],
    ['staff of the school', bursar, () => [others, own]],
    ['staff of the other school', callerOf('bursar', 'bursar-2', OTHER_SCHOOL), () => [elsewhere]],
    ['the bureau, where it is a party', callerOf('supervisor', 's1', BUREAU), () => [elsewhere, others, own]],
    ['staff of the tenant, all', auditor, () => [elsewhere, others, own]],
    ['a role that reads nothing', callerOf('bd', 'bd-1'), () => []],
    ['an account that is called as the school is', callerOf('payer', SCHOOL), () => []],
    ['a school that is called as the payer is', callerOf('bursar', 'b', asId('payer-1')), () => []],
    ['another tenant', foreigner, () => []],
  ];

  it.each(table)('%s', async (_who, caller, found) => {
    expect(await idsOf(caller)).toEqual(found());
    for (const id of [own, others, elsewhere]) {
      const contract = await world.query(new ContractById(requestOf(caller), id));
      const page = { first: 10 };
      const timeline = await world.query(new ContractTimeline(requestOf(caller), id, page));
      const units = await world.query(new UnitsOf(requestOf(caller), id, page));
      const sees = found().includes(id);
      expect({ id, sees: [contract, timeline, units].map((answer) => answer !== undefined) }).toEqual({
        id,
        sees: [sees, sees, sees],
      });
    }
  });

  it('finds nothing under what is no id', async () => {
    expect(await world.query(new ContractById(requestOf(auditor), asId('own')))).toBeUndefined();
  });
});

describe('a list', () => {
  it('is narrowed by organisation, status, template and subject', async () => {
    expect(await idsOf(auditor, { organisationId: OTHER_SCHOOL })).toEqual([elsewhere]);
    expect(await idsOf(auditor, { statuses: ['active'] })).toEqual([own]);
    // Nobody has paid in time.
    expect(await idsOf(auditor, { statuses: ['cancelled', 'active'] })).toEqual([elsewhere, others, own]);
    expect(await idsOf(auditor, { statuses: [] })).toEqual([]);
    expect(await idsOf(auditor, { templateId: 'tuition-per-lesson', subject: 'courseOrder-own' })).toEqual([
      own,
    ]);
    expect(await idsOf(auditor, { templateId: 'red-packet' })).toEqual([]);
    expect(await idsOf(payer, { organisationId: SCHOOL })).toEqual([own]);
  });

  it('goes page by page, newest first, whoever looks', async () => {
    for (const caller of [auditor, callerOf('supervisor', 's1', BUREAU)]) {
      const seen: ContractId[] = [];
      let after: string | undefined;
      for (let page = 0; page < 4; page += 1) {
        const cursor = after === undefined ? {} : { after };
        const request = { first: 1, ...cursor };
        const found = await world.query(new ContractsOf(requestOf(caller), {}, request));
        seen.push(...found.items.map(({ item }) => item.contractId));
        expect(found.hasNextPage).toBe(page < 2);
        after = found.items.at(-1)?.cursor ?? after;
      }
      expect(seen).toEqual([elsewhere, others, own]);
    }
    await expect(
      world.query(new ContractsOf(requestOf(auditor), {}, { first: 1, after: 'no-cursor' })),
    ).rejects.toThrow('A cursor comes from an earlier page.');
  });

  it('shows each contract as its stream says', async () => {
    const [first] = (await list(auditor, { subject: 'courseOrder-own' })).items;
    const { openUnits, ...contract } = first!.item;
    expect(contract).toMatchObject({
      held: yuan(1_000),
      released: yuan(200),
      frozen: yuan(100),
      status: 'active',
    });
    expect(openUnits).toMatchObject([{ dedupeKey: '2', status: 'DISPUTED' }]);
  });
});

describe('a timeline', () => {
  it('tells every event with the totals after it', async () => {
    const timeline = await world.query(new ContractTimeline(requestOf(payer), own, { first: 50 }));
    const lines = timeline!.items.map(({ item }) => [
      item.messageKey,
      item.unit?.dedupeKey ?? '-',
      Number(item.amount?.amount ?? 0n) / 100,
      Number(item.totals.released.amount) / 100,
      Number(item.totals.held.amount) / 100,
      Number(item.totals.frozen.amount) / 100,
    ]);
    expect(lines).toEqual([
      ['contract.drafted', '-', 0, 0, 0, 0],
      ['contract.signed', '-', 0, 0, 0, 0],
      ['contract.signed.complete', '-', 0, 0, 0, 0],
      ['contract.fundingReserved', '-', 1_200, 0, 0, 0],
      ['contract.deposited.payment', '-', 1_200, 0, 1_200, 0],
      ['contract.activated', '-', 0, 0, 1_200, 0],
      ['contract.evidence.cooling', '1', 100, 0, 1_200, 0],
      ['contract.evidence.cooling', '2', 100, 0, 1_200, 0],
      ['contract.evidence.cooling', '3', 100, 0, 1_200, 0],
      ['contract.confirmed', '1', 0, 0, 1_200, 0],
      ['contract.released', '1', 100, 100, 1_100, 0],
      ['contract.disputed.unit', '2', 100, 100, 1_100, 100],
      ['contract.timer.payable', '3', 0, 100, 1_100, 100],
      ['contract.released', '3', 100, 200, 1_000, 100],
    ]);
    expect(timeline).toMatchObject({ totalCount: 14, hasNextPage: false });
    const titles = timeline!.items.flatMap(({ item }) => (item.unit ? [item.unit.title['zh-CN']] : []));
    expect(new Set(titles)).toEqual(new Set(['课时费']));
  });

  it('goes page by page', async () => {
    const seqs: number[] = [];
    let after: string | undefined;
    for (let more = true; more;) {
      const request = after === undefined ? { first: 4 } : { first: 4, after };
      const page = await world.query(new ContractTimeline(requestOf(payer), own, request));
      seqs.push(...page!.items.map(({ item }) => item.seq));
      after = page!.items.at(-1)!.cursor;
      more = page!.hasNextPage;
    }
    expect(seqs).toEqual(Array.from({ length: 14 }, (_, seq) => seq));
  });
});

describe('the units', () => {
  it('are listed in the order in which they came up, those in dispute as such', async () => {
    const units = await world.query(new UnitsOf(requestOf(bursar), own, { first: 10 }));
    expect(units!.items.map(({ item }) => [item.dedupeKey, item.status, item.amount])).toEqual([
      ['1', 'RELEASED', yuan(100)],
      ['2', 'DISPUTED', yuan(100)],
      ['3', 'RELEASED', yuan(100)],
    ]);
    expect(units!.totalCount).toBe(3);
  });
});

describe('the view', () => {
  const TABLES = ['contract', 'contract_party', 'contract_unit', 'contract_entry'] as const;
  const rows = async () => {
    await world.consumers.caughtUp();
    const database = world.views.database<ContractTables>();
    const all = await Promise.all(TABLES.map((table) => database.selectFrom(table).selectAll().execute()));
    return Object.fromEntries(TABLES.map((table, index) => [table, all[index]]));
  };

  it('is the same when it is rebuilt from the log', async () => {
    const before = await rows();
    await world.consumers.rebuild('contracts');
    expect(await rows()).toEqual(before);
    expect(before['contract']).toHaveLength(3);
    expect(world.consumers.status().filter(({ deadLetters }) => deadLetters > 0)).toEqual([]);
  });
});
