import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { asId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { privacyEventSets } from '#libs/security/privacy/index.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL, TENANT } from '#libs/testing/callers.js';
import { contextWorld, type ContextWorld } from '#libs/testing/context-world.js';
import { casesApplication } from './application/index.js';
import { casesEventSets } from './codec/index.js';
import {
  AssignCase,
  CaseById,
  CaseHistory,
  CASES,
  CasesOf,
  ResolveCase,
  type CaseId,
  type Cases,
  type CaseToOpen,
} from './contract/index.js';
import { casesProjections, casesQueries } from './read-model/index.js';

const HOUR_MS = 3_600_000;
const idOf = (name: string) => deriveUuid(UUID_NAMESPACES.entity, name);
const supervisor = requestOf(callerOf('supervisor', 'supervisor-1', SCHOOL));
const ops = requestOf(callerOf('ops', 'ops-1'));

let world: ContextWorld;
let cases: Cases;
beforeEach(async () => {
  world = await contextWorld({
    events: [...casesEventSets, ...privacyEventSets],
    projections: casesProjections,
    providers: [...casesApplication, ...casesQueries],
  });
  cases = world.part<Cases>(CASES);
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

type As = typeof ops;
const said = (caseId: CaseId, text: string) => ({ idempotencyKey: text, caseId, text });
const seen = (who: As, id: CaseId) => world.query(new CaseById(who, id));
const listed = async (who: As, filter: CasesOf['filter'] = {}) =>
  (await world.query(new CasesOf(who, filter, { first: 10 }))).items.map(({ item }) => item.subject);
const exceptionOf = (name: string, change: Partial<CaseToOpen> = {}): CaseToOpen => ({
  caseId: asId(idOf(name)),
  kind: 'lateSuccess',
  tenant: TENANT,
  organisationId: SCHOOL,
  subject: `payment-${name}`,
  facts: { amount: '1.00' },
  openedAt: world.now(),
  ...change,
});

describe('an exception', () => {
  it('is opened by what happened, once, and noted and ended by who opened it', async () => {
    const toOpen = exceptionOf('e1');
    await cases.open(toOpen, 'trace');
    await cases.open({ ...toOpen, facts: {}, openedAt: addMs(world.now(), 1) }, 'trace');
    const { caseId } = toOpen;
    expect(await seen(ops, caseId)).toMatchObject({
      priority: 'high',
      facts: { amount: '1.00' },
      status: 'OPEN',
    });
    const note = { noteId: 'n1', tenant: TENANT, text: 'Allocated.', correlationId: 'trace' };
    await cases.note(caseId, note);
    await cases.note(caseId, note);
    await cases.note(caseId, { ...note, noteId: 'n2', facts: { refund: 'r1' }, resolved: true });
    await cases.note(caseId, { ...note, noteId: 'n3' });
    const history = await world.query(new CaseHistory(supervisor, caseId));
    expect(history?.map(({ type, actor, text, facts }) => [type, actor, text, facts])).toEqual([
      ['CaseOpened', 'system:cases', null, { amount: '1.00' }],
      ['CaseNoted', 'system:cases', 'Allocated.', {}],
      ['CaseResolved', 'system:cases', 'Allocated.', { refund: 'r1' }],
    ]);
    await expect(cases.open({ ...toOpen, subject: 'payment-x' }, 'trace')).rejects.toThrow(
      'IDEMPOTENCY_CONFLICT',
    );
    await expect(cases.note(asId(idOf('x')), note)).rejects.toThrow('There is no case');
    const foreign = { ...note, noteId: 'n4', tenant: asId<'tenant'>('other') };
    await expect(cases.note(caseId, foreign)).rejects.toThrow('There is no case');
    await expect(cases.open(exceptionOf('e2', { facts: { 'a b': 'x' } }), 't')).rejects.toThrow(TypeError);
  });

  it('is listed next due first, by kind, status, owner and lateness, page by page', async () => {
    await cases.open(exceptionOf('late'), 't');
    await cases.open(exceptionOf('urgent', { kind: 'contradictoryNotice' }), 't');
    await cases.open(exceptionOf('other', { organisationId: OTHER_SCHOOL }), 't');
    await cases.open(exceptionOf('bank', { kind: 'refundReturnedByBank', organisationId: undefined }), 't');
    const mine = ['payment-urgent', 'payment-late'];
    expect(await listed(supervisor)).toEqual(mine);
    expect((await listed(ops)).toSorted()).toEqual([
      'payment-bank',
      'payment-late',
      'payment-other',
      'payment-urgent',
    ]);
    expect((await listed(ops))[0]).toBe('payment-urgent');
    expect(await listed(ops, { kinds: ['refundReturnedByBank'] })).toEqual(['payment-bank']);
    expect(await listed(ops, { kinds: [] })).toEqual([]);
    world.pass(4 * HOUR_MS + 1);
    expect(await listed(supervisor, { overdue: true })).toEqual(['payment-urgent']);
    expect(await listed(supervisor, { overdue: false })).toEqual(['payment-late']);
    await world.execute(new AssignCase(supervisor, { idempotencyKey: 'k', caseId: asId(idOf('late')) }));
    expect(await listed(ops, { owner: 'supervisor-1' })).toEqual(['payment-late']);
    await world.execute(new ResolveCase(supervisor, said(asId(idOf('urgent')), 'done')));
    expect(await listed(supervisor, { statuses: ['RESOLVED'] })).toEqual(['payment-urgent']);
    expect(await listed(supervisor, { overdue: true })).toEqual([]);
    const first = await world.query(new CasesOf(supervisor, {}, { first: 1 }));
    expect(first).toMatchObject({ hasNextPage: true, totalCount: 2 });
    const next = await world.query(new CasesOf(supervisor, {}, { first: 1, after: first.items[0]!.cursor }));
    expect(next.items.map(({ item }) => item.subject)).toEqual(['payment-late']);
    const bad = world.query(new CasesOf(supervisor, {}, { first: 1, after: 'x' }));
    await expect(bad).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
  });
});
