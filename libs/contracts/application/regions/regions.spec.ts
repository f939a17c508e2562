import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApprovalById, DecideApproval } from '#libs/approvals/contract/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { addDays, localDateOf, parseLocalDate } from '#libs/kernel/time/index.js';
import { callerOf, recordedEvents, requestOf, SCHOOL, TENANT } from '#libs/testing/callers.js';
import type { ContractsWorld } from '#libs/testing/contracts-views-world.js';
import { regionsWorld } from '#libs/testing/regions-world.js';
import {
  PublishTemplate,
  RegionalParametersOf,
  REGIONS,
  SetRegionalParameters,
  TemplateVersion,
  type Regions,
  type SetRegionalParametersInput,
} from '../../contract/templates.js';

const ops = requestOf(callerOf('ops', 'ops-1'));
const checker = requestOf(callerOf('ops', 'ops-2'));
const bd = requestOf(callerOf('bd', 'bd-1'));
const payer = requestOf(callerOf('payer', 'payer-1'));

let world: ContractsWorld;
beforeEach(async () => {
  world = await regionsWorld();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** Three days after the world begins. */
const from = parseLocalDate('2026-09-04');
const input: SetRegionalParametersInput = {
  idempotencyKey: 'k',
  region: 'CN-SH',
  effectiveFrom: from,
  zone: 'Asia/Shanghai',
  holidays: [parseLocalDate('2027-01-01'), parseLocalDate('2026-12-31')],
  workingDays: [parseLocalDate('2027-01-03')],
  values: [
    { templateId: 'tuition-per-lesson', parameter: 'cooling', value: '5WD' },
    { templateId: 'tuition-per-lesson', parameter: 'maxTotal', value: '300000' },
  ],
  reason: '试点',
};

async function propose(change: Partial<SetRegionalParametersInput> = {}, request = ops) {
  return world.execute(new SetRegionalParameters(request, { ...input, ...change }));
}

async function decide(id: string, grant: boolean, by = checker) {
  const approvalId = asId<'approval'>(id);
  const approval = await world.query(new ApprovalById(checker, approvalId));
  const decision = { approvalId, payloadHash: approval!.payloadHash, grant, comment: '' };
  const outcome = await world.execute(new DecideApproval(by, decision));
  await world.consumers.caughtUp();
  return outcome;
}

const of = (day = from, region = 'CN-SH') => world.query(new RegionalParametersOf(payer, region, day));

describe('parameters of a region', () => {
  it('take effect on their day once a second person has approved', async () => {
    const proposed = await propose();
    if (!proposed.accepted) throw new Error(proposed.rejection.message);
    const { idempotencyKey: _, reason: __, ...view } = input;
    const sorted = { ...view, holidays: view.holidays.toSorted() };
    expect(proposed.value).toEqual({ id: proposed.value.id, ...sorted });
    expect(await propose()).toEqual(proposed);
    expect(await of()).toBeUndefined();
    expect(await decide(proposed.value.id, true, ops)).toMatchObject({ accepted: false });
    expect(await decide(proposed.value.id, true)).toMatchObject({ accepted: true });
    expect(await of()).toEqual(sorted);
    expect(await of(addDays(from, -1))).toBeUndefined();
    const regions = world.part<Regions>(REGIONS);
    const found = await regions.on(TENANT, 'CN-SH', from);
    expect(found?.values['tuition-per-lesson']).toEqual({ cooling: '5WD', maxTotal: '300000' });
    expect(found?.calendar.holidays.has(parseLocalDate('2026-12-31'))).toBe(true);
    expect(await regions.on(asId<'tenant'>('other'), 'CN-SH', from)).toBeUndefined();
  });

  it('are seen by the second person as they will hold, however many days', async () => {
    const days = (year: number) =>
      Array.from({ length: 365 }, (_, day) => addDays(parseLocalDate(`${year}-01-01`), day));
    const isOff = (day: string) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
    const holidays = days(2027).filter((day) => !isOff(day));
    const proposed = await propose({ holidays });
    if (!proposed.accepted) throw new Error(proposed.rejection.message);
    const approval = await world.query(new ApprovalById(checker, asId<'approval'>(proposed.value.id)));
    const { payload } = approval!;
    expect(payload).toMatchObject({
      region: 'CN-SH',
      'workingDays.1': '2027-01-03',
      'values.1': '{"tuition-per-lesson":{"cooling":"5WD","maxTotal":"300000"}}',
    });
    expect(`${payload['holidays.1']}${payload['holidays.2']}`.split(' ')).toEqual(holidays);
    expect(await decide(proposed.value.id, true)).toMatchObject({ accepted: true });
    expect(await of()).toMatchObject({ holidays });
  });

  it('take the place of the built-in ones, and a day that has begun keeps what it had', async () => {
    const proposed = await propose({ region: 'CN' });
    if (!proposed.accepted) throw new Error(proposed.rejection.message);
    const before = await of(localDateOf(world.now()), 'CN');
    expect(before).toMatchObject({ effectiveFrom: '2026-01-01', zone: 'Asia/Shanghai' });
    world.pass(5 * 86_400_000);
    expect(await decide(proposed.value.id, true)).toMatchObject({ accepted: false });
    expect(await of(from, 'CN')).toEqual(before);
    expect((await recordedEvents(world.log)).map(({ type }) => type)).not.toContain(
      'RegionalParametersSet.v1',
    );
  });

  it('begin today where a region has none', async () => {
    const today = localDateOf(world.now());
    const proposed = await propose({ effectiveFrom: today });
    if (!proposed.accepted) throw new Error(proposed.rejection.message);
    expect(await of(today)).toBeUndefined();
    world.pass(60_000);
    expect(await decide(proposed.value.id, true)).toMatchObject({ accepted: true });
    expect(await of(today)).toMatchObject({ effectiveFrom: today });
    expect(await propose({ idempotencyKey: 'k2', effectiveFrom: today })).toMatchObject({
      rejection: { code: 'PARAMETERS_FOR_THE_PAST' },
    });
  });

  it('are dropped when declined', async () => {
    const proposed = await propose();
    if (!proposed.accepted) throw new Error(proposed.rejection.message);
    await decide(proposed.value.id, false);
    expect(await of()).toBeUndefined();
    expect((await recordedEvents(world.log)).at(-1)?.type).toBe('RegionalParametersDropped.v1');
  });

  it('are refused with what makes no sense, and nothing is stored', async () => {
    const [cooling] = input.values;
    const wrong: readonly (readonly [Partial<SetRegionalParametersInput>, RegExp])[] = [
      [{ region: '' }, /named by/],
      [{ zone: 'Mars/Olympus' }, /zone/],
      [{ holidays: ['2027-02-30' as never] }, /must exist/],
      [{ holidays: [from, from] }, /twice/],
      [{ holidays: [parseLocalDate('2027-01-02')] }, /weekend/],
      [{ workingDays: [parseLocalDate('2027-01-04')] }, /no weekend/],
      [{ values: [{ templateId: 'ghost', parameter: 'cooling', value: '1WD' }] }, /no template/],
      [{ values: [{ ...cooling!, parameter: 'total' }] }, /no regional parameter/],
      [{ values: [{ ...cooling!, parameter: 'constructor' }] }, /no regional parameter/],
      [{ values: [{ ...cooling!, value: 'soon' }] }, /MALFORMED/],
      [{ values: [cooling!, cooling!] }, /twice/],
    ];
    for (const [change, message] of wrong) {
      expect(await propose(change)).toMatchObject({
        rejection: { code: 'INVALID_REGIONAL_PARAMETERS', message: expect.stringMatching(message) },
      });
    }
    expect(await recordedEvents(world.log)).toEqual([]);
  });

  it('are of the template that is named, whatever its name', async () => {
    const { template } = (await world.query(new TemplateVersion(payer, 'tuition-per-lesson')))!;
    const document = JSON.stringify({ ...(JSON.parse(template.document) as object), id: 'constructor' });
    expect(await world.execute(new PublishTemplate(bd, { document }))).toMatchObject({ accepted: true });
    const values = [{ templateId: 'constructor', parameter: 'cooling', value: '5WD' }];
    expect(await propose({ values })).toMatchObject({ accepted: true, value: { values } });
    expect(Object.hasOwn(Object, 'cooling')).toBe(false);
  });

  it('are proposed by operations of the tenant alone, for a coming day, one input per key', async () => {
    const ofSchool = requestOf(callerOf('ops', 'ops-3', SCHOOL));
    for (const request of [payer, ofSchool]) {
      expect(await propose({}, request)).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    }
    const today = localDateOf(world.now());
    const pasts = [{ region: 'CN', effectiveFrom: today }, { effectiveFrom: addDays(today, -1) }];
    for (const [index, past] of pasts.entries()) {
      expect(await propose({ ...past, idempotencyKey: `past-${index}` })).toMatchObject({
        rejection: { code: 'PARAMETERS_FOR_THE_PAST', details: { today } },
      });
    }
    // The keys stay known; no region has anything of it.
    const types = new Set((await recordedEvents(world.log)).map(({ type }) => type));
    expect([...types]).toEqual(['RequestClaimed.v1']);
    await propose();
    for (const other of [{ values: [] }, { region: 'CN-BJ' }]) {
      expect(await propose(other)).toMatchObject({ rejection: { code: 'IDEMPOTENCY_CONFLICT' } });
    }
    await expect(propose({ reason: ' ' })).rejects.toMatchObject({ code: 'INVALID_REASON' });
    await expect(propose({ idempotencyKey: '' })).rejects.toMatchObject({ code: 'INVALID_IDEMPOTENCY_KEY' });
  });
});
