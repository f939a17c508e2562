import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { callerOf, recordedEvents, requestOf, SCHOOL } from '#libs/testing/callers.js';
import { CONTRACT_SCHEMAS_DIRECTORY, sampleParameters } from '#libs/testing/contract-language.js';
import { contractsWorld, type ContractsWorld } from '#libs/testing/contracts-views-world.js';
import {
  PublishTemplate,
  SimulateContract,
  TemplateFindings,
  Templates,
  TEMPLATES,
  TemplateVersion,
  type ReleaseTemplates,
} from '../../contract/templates.js';

const RED_PACKET = readFileSync(join(CONTRACT_SCHEMAS_DIRECTORY, 'templates/red-packet.yaml'), 'utf8');
const bd = requestOf(callerOf('bd', 'bd-1'));
const payer = requestOf(callerOf('payer', 'payer-1'));
const elsewhere = requestOf({ ...callerOf('bd', 'bd-9'), tenant: asId<'tenant'>('demo.red') });

let world: ContractsWorld;
beforeEach(async () => {
  world = await contractsWorld();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const version = (number: string, id = 'red-packet') =>
  RED_PACKET.replace('version: 1.0.0', `version: ${number}`).replace('id: red-packet', `id: ${id}`);

describe('publishing', () => {
  it('makes a version that everybody of the tenant finds, and nobody else', async () => {
    const document = version('1.1.0');
    const published = await world.execute(new PublishTemplate(bd, { document }));
    expect(published).toMatchObject({
      accepted: true,
      value: { id: 'red-packet', version: '1.1.0', builtIn: false, publishedAt: world.now() },
    });
    world.pass(1_000);
    expect(await world.execute(new PublishTemplate(bd, { document }))).toEqual(published);
    expect(await recordedEvents(world.log)).toHaveLength(1);
    const found = await world.query(new TemplateVersion(payer, 'red-packet'));
    expect(found).toEqual({ template: published.accepted && published.value, versions: ['1.0.0', '1.1.0'] });
    const first = await world.query(new TemplateVersion(payer, 'red-packet', '1.0.0'));
    expect(first?.template).toMatchObject({ version: '1.0.0', builtIn: true, publishedAt: null });
    expect(await world.query(new TemplateVersion(elsewhere, 'red-packet'))).toMatchObject({
      versions: ['1.0.0'],
    });
    expect(await world.query(new TemplateVersion(payer, 'red-packet', '9.9.9'))).toBeUndefined();
    expect(await world.query(new TemplateVersion(payer, '../red-packet'))).toBeUndefined();
  });

  it('lists built-in and own templates, each in its newest version', async () => {
    await world.execute(new PublishTemplate(bd, { document: version('1.1.0') }));
    await world.execute(new PublishTemplate(bd, { document: version('0.0.1', 'gift') }));
    const list = await world.query(new Templates(payer));
    expect(list).toHaveLength(12);
    const own = list.filter(({ builtIn }) => !builtIn).map((one) => `${one.id} ${one.version}`);
    expect(own).toEqual(['gift 0.0.1', 'red-packet 1.1.0']);
    expect(await world.query(new Templates(elsewhere))).toHaveLength(11);
  });

  it('keeps tenants and templates apart whose names run into each other', async () => {
    // Tenant "demo" and template "red-…", tenant "demo.red" and its own.
    await world.execute(new PublishTemplate(bd, { document: version('1.0.0', 'red-gift') }));
    expect(await world.query(new TemplateVersion(elsewhere, 'gift'))).toBeUndefined();
    expect(await world.query(new TemplateVersion(elsewhere, 'red-gift'))).toBeUndefined();
  });

  it('refuses others, versions that are there or too low, and every finding at once; nothing is stored', async () => {
    const publish = (document: string, request = bd) =>
      world.execute(new PublishTemplate(request, { document }));
    expect(await publish(RED_PACKET, payer)).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    const ofSchool = requestOf(callerOf('bd', 'bd-2', SCHOOL));
    expect(await publish(RED_PACKET, ofSchool)).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    const other = RED_PACKET.replace('Amount }', 'Sum }');
    expect(await publish(other)).toMatchObject({ rejection: { code: 'TEMPLATE_VERSION_EXISTS' } });
    expect(await publish(version('0.9.0'))).toMatchObject({
      rejection: { code: 'TEMPLATE_VERSION_TOO_LOW' },
    });
    const bad = version('1.1.0').replace('to: merchant', 'to: nobody').replace('cap: $amount', 'cap: $most');
    const refused = await publish(bad);
    expect(refused).toMatchObject({
      rejection: {
        code: 'TEMPLATE_HAS_FINDINGS',
        path: ['input', 'document'],
        findings: [
          { code: 'UNKNOWN_PARAMETER', path: '/rules/0/cap' },
          { code: 'UNKNOWN_ROLE', path: '/rules/0/to' },
          { code: 'UNUSED_ROLE', path: '/roles/merchant' },
        ],
      },
    });
    expect(await world.query(new TemplateFindings(payer, bad))).toHaveLength(3);
    expect(await world.query(new TemplateFindings(payer, RED_PACKET))).toEqual([]);
    expect(await recordedEvents(world.log)).toEqual([]);
    // The very document of the product needs no event to be there.
    expect(await publish(RED_PACKET)).toMatchObject({ accepted: true, value: { builtIn: true } });
    expect(await recordedEvents(world.log)).toEqual([]);
  });

  it('is found by the service in a process that has just started', async () => {
    await world.execute(new PublishTemplate(bd, { document: version('1.1.0') }));
    world.store.dropCache();
    const templates = world.part<ReleaseTemplates>(TEMPLATES);
    const { tenant } = bd.caller;
    expect((await templates.find(tenant, 'red-packet'))?.template.version).toBe('1.1.0');
    expect((await templates.versions(tenant, 'red-packet')).map(({ hash }) => hash)).toHaveLength(2);
    expect(await templates.versions(tenant, 'constructor')).toEqual([]);
  });
});

describe('a preview', () => {
  const { given } = sampleParameters('tuition-per-lesson');
  const ask = (input: Partial<SimulateContract['input']>) =>
    world.query(
      new SimulateContract(payer, {
        template: { id: 'tuition-per-lesson' },
        region: 'CN',
        params: given,
        acts: [],
        ...input,
      }),
    );

  it('shows every payout with the working days of the region, and stores nothing', async () => {
    const at = (day: string) => `2026-09-${day}T02:00:00.000Z` as ReturnType<typeof world.now>;
    const outcome = await ask({
      acts: [
        // Thursday 24 September; Friday the 25th is a holiday: the third working day after is Wednesday the 30th.
        {
          kind: 'attest',
          at: at('24'),
          rule: 'lesson',
          payload: { lessonNo: '1', deliveredOn: '2026-09-24' },
        },
        { kind: 'fund', at: at('02'), amount: 480_000n },
        { kind: 'approve', at: at('25'), role: 'payer', rule: 'withdraw' },
      ],
    });
    if (!outcome.accepted) throw new Error(outcome.rejection.message);
    const { lines, ...rest } = outcome.value;
    const cny = (amount: bigint) => ({ asset: 'CNY/2', amount });
    expect(rest).toEqual({
      status: 'completed',
      endedAt: '2026-09-30T02:00:00.000Z',
      paid: [
        { role: 'payer', amount: cny(460_000n) },
        { role: 'school', amount: cny(20_000n) },
      ],
      truncated: false,
    });
    expect(lines.find(({ what }) => what === 'FundsReleased')).toEqual({
      at: '2026-09-30T02:00:00.000Z',
      act: null,
      what: 'FundsReleased',
      rule: 'lesson',
      units: ['1'],
      amount: cny(20_000n),
      splits: [{ role: 'school', amount: cny(20_000n) }],
      dueAt: null,
      status: 'closing',
      refusal: null,
      funded: cny(480_000n),
      released: cny(20_000n),
      refunded: cny(460_000n),
      held: cny(0n),
      frozen: cny(0n),
    });
    expect(await recordedEvents(world.log)).toEqual([]);
  });

  it('takes a document that is not published, and says why it cannot be played', async () => {
    const { given: params } = sampleParameters('red-packet');
    expect(await ask({ template: { document: version('7.0.0', 'gift') }, params })).toMatchObject({
      accepted: true,
    });
    expect(await ask({ template: { document: '' } })).toMatchObject({
      rejection: { code: 'TEMPLATE_HAS_FINDINGS' },
    });
    expect(await ask({ template: { id: 'gift' } })).toMatchObject({
      rejection: { code: 'TEMPLATE_NOT_FOUND' },
    });
    expect(await ask({ region: 'XX' })).toMatchObject({ rejection: { code: 'REGION_NOT_FOUND' } });
    expect(await ask({ params: { ...given, total: '500001' } })).toMatchObject({
      rejection: {
        code: 'INVALID_PARAMETERS',
        details: { parameter: 'total', fault: 'CHECK_FAILED', allowed: '≤ 500000' },
      },
    });
    const acts = Array.from(
      { length: 1_001 },
      () => ({ kind: 'fund', at: world.now(), amount: 1n }) as const,
    );
    await expect(ask({ acts })).rejects.toMatchObject({ code: 'TOO_MANY_ACTS' });
    let deep: object = {};
    for (let depth = 0; depth < 100_000; depth += 1) deep = { deep };
    const at = world.now();
    for (const payload of [deep, { lessonNo: '\ud800' }, { lessonNo: 'x'.repeat(20_000) }]) {
      const attest = { kind: 'attest', at, rule: 'lesson', payload } as const;
      const refused = { code: 'INVALID_PAYLOAD', path: ['input', 'acts', '0'] };
      await expect(ask({ acts: [attest as never] })).rejects.toMatchObject(refused);
    }
    const claim = {
      kind: 'claim',
      at,
      role: 'payer',
      rule: 'lesson',
      amount: 1n,
      merchantId: 'a b',
    } as const;
    await expect(ask({ acts: [claim] })).rejects.toMatchObject({ code: 'INVALID_MERCHANT' });
  });
});
