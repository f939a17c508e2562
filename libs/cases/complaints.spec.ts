import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { BillsToPay } from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { asId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { PaymentById, PaymentsForBill } from '#libs/payments/contract/index.js';
import type { Caller, Role } from '#libs/security/port/index.js';
import { erasePersonalData, privacyEventSets } from '#libs/security/privacy/index.js';
import { callerOf, OTHER_SCHOOL, recordedEvents, requestOf, SCHOOL, TENANT } from '#libs/testing/callers.js';
import { contextWorld, type ContextWorld } from '#libs/testing/context-world.js';
import { casesApplication } from './application/index.js';
import { casesEventSets } from './codec/index.js';
import {
  AssignCase,
  CaseById,
  CaseHistory,
  CasesOf,
  NoteCase,
  OpenComplaint,
  ReopenCase,
  ResolveCase,
  type CaseId,
  type ComplaintAbout,
} from './contract/index.js';
import { casesProjections, casesQueries } from './read-model/index.js';

const HOUR_MS = 3_600_000;
const idOf = (name: string) => deriveUuid(UUID_NAMESPACES.entity, name);
const PAYMENT = asId<'payment'>(idOf('payment'));
const TWO_SCHOOLS = asId<'payment'>(idOf('payment of two schools'));
const BILL = asId<'bill'>(idOf('bill'));
const UNPAID_BILL = asId<'bill'>(idOf('unpaid bill'));

/** What payments and billing answer: payer-1 has paid, and knows number and name of one more bill. */
@QueryHandler(PaymentById)
class OnePayment implements IQueryHandler<PaymentById> {
  execute({ context: { caller }, id }: PaymentById) {
    if (caller.accountId !== 'payer-1' || caller.roles.join() !== 'payer') return Promise.resolve(undefined);
    const bills = [{ billId: BILL, organisationId: SCHOOL }];
    if (id === PAYMENT) return Promise.resolve({ id, bills } as never);
    const two = [...bills, { billId: UNPAID_BILL, organisationId: OTHER_SCHOOL }];
    return Promise.resolve(id === TWO_SCHOOLS ? ({ id, bills: two } as never) : undefined);
  }
}
@QueryHandler(PaymentsForBill)
class PaymentsOfBill implements IQueryHandler<PaymentsForBill> {
  execute({ context: { caller }, billId }: PaymentsForBill) {
    const isOwn = billId === BILL && caller.accountId === 'payer-1';
    const payment = { id: PAYMENT, bills: [{ billId, organisationId: SCHOOL }] };
    return Promise.resolve((isOwn ? [payment] : []) as never);
  }
}
@QueryHandler(BillsToPay)
class UnpaidBills implements IQueryHandler<BillsToPay> {
  execute({ input }: BillsToPay) {
    const isKnown = input.payerNumber === '1' && input.payerName === '学生0001';
    return Promise.resolve((isKnown ? [{ id: UNPAID_BILL }] : []) as never);
  }
}

const as = (role: Role, name: string, change: Partial<Caller> = {}) =>
  requestOf({ ...callerOf(role, name), ...change });
const payer = as('payer', 'payer-1');
const supervisor = as('supervisor', 'supervisor-1', { organisation: SCHOOL });
const ops = as('ops', 'ops-1');

let world: ContextWorld;
beforeEach(async () => {
  world = await contextWorld({
    events: [...casesEventSets, ...privacyEventSets],
    projections: casesProjections,
    providers: [...casesApplication, ...casesQueries, OnePayment, PaymentsOfBill, UnpaidBills],
  });
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

type As = typeof payer;
const complain = (change: { text?: string; about?: ComplaintAbout; key?: string } = {}, who: As = payer) =>
  world.execute(
    new OpenComplaint(who, {
      idempotencyKey: change.key ?? 'key',
      about: change.about ?? { paymentId: PAYMENT },
      text: change.text ?? '扣款两次',
    }),
  );
async function complained(): Promise<CaseId> {
  const outcome = await complain();
  if (!outcome.accepted) throw new Error(outcome.rejection.code);
  return outcome.value.id;
}
const said = (caseId: CaseId, text: string, idempotencyKey = text) => ({ idempotencyKey, caseId, text });
const seen = (who: As, id: CaseId) => world.query(new CaseById(who, id));
const listed = async (who: As, filter: CasesOf['filter'] = {}) =>
  (await world.query(new CasesOf(who, filter, { first: 10 }))).items.map(({ item }) => item.subject);
const refusal = (code: string) => ({ accepted: false, rejection: { code } });

describe('a complaint', () => {
  it('goes from opening to resolution, seen by the payer and who works on it, in all its history', async () => {
    const id = await complained();
    const dueAt = addMs(world.now(), 72 * HOUR_MS);
    const view = {
      id,
      kind: 'complaint',
      status: 'OPEN',
      priority: 'normal',
      organisationId: SCHOOL,
      subject: `payment-${PAYMENT}`,
      facts: {},
      text: '扣款两次',
      openedAt: world.now(),
      dueAt,
      overdue: false,
    };
    for (const who of [payer, supervisor, ops, as('auditor', 'a')]) expect(await seen(who, id)).toEqual(view);
    world.pass(72 * HOUR_MS + 1);
    expect(await seen(payer, id)).toEqual({ ...view, overdue: true });
    const taken = new AssignCase(supervisor, { idempotencyKey: 'k', caseId: id });
    expect(await world.execute(taken)).toMatchObject({ accepted: true, value: { owner: 'supervisor-1' } });
    await world.execute(new NoteCase(payer, said(id, '请尽快')));
    const resolvedAt = world.now();
    expect(await world.execute(new ResolveCase(supervisor, said(id, '已退款')))).toEqual({
      accepted: true,
      value: { ...view, status: 'RESOLVED', owner: 'supervisor-1', resolvedAt },
    });
    expect(await seen(payer, id)).toEqual({ ...view, status: 'RESOLVED', owner: 'supervisor-1', resolvedAt });
    const reopenedView = { ...view, owner: 'supervisor-1', dueAt: addMs(world.now(), 72 * HOUR_MS) };
    expect(await world.execute(new ReopenCase(payer, said(id, '未收到')))).toEqual({
      accepted: true,
      value: reopenedView,
    });
    expect(await seen(supervisor, id)).toEqual(reopenedView);
    const history = await world.query(new CaseHistory(payer, id));
    expect(
      history?.map(({ revision, type, actor, text, details }) => [revision, type, actor, text, details]),
    ).toEqual([
      [0, 'CaseOpened', 'payer-1', '扣款两次', { dueAt }],
      [1, 'CaseAssigned', 'supervisor-1', null, { owner: 'supervisor-1' }],
      [2, 'CaseNoted', 'payer-1', '请尽快', {}],
      [3, 'CaseResolved', 'supervisor-1', '已退款', {}],
      [4, 'CaseReopened', 'payer-1', '未收到', { dueAt: reopenedView.dueAt }],
    ]);
  });

  it('is opened once per key, about what is the payer’s own', async () => {
    const first = await complain();
    expect(await complain()).toEqual(first);
    expect(await complain({ text: 'other' })).toMatchObject(refusal('IDEMPOTENCY_CONFLICT'));
    expect(await complain({ about: { paymentId: TWO_SCHOOLS } })).toMatchObject(
      refusal('IDEMPOTENCY_CONFLICT'),
    );
    const named = { billId: UNPAID_BILL, organisationId: SCHOOL, payerNumber: '1', payerName: '学生0001' };
    const abouts: readonly [ComplaintAbout, string, string | undefined][] = [
      [{ paymentId: TWO_SCHOOLS }, `payment-${TWO_SCHOOLS}`, undefined],
      [{ billId: BILL }, `bill-${BILL}`, SCHOOL],
      [named, `bill-${UNPAID_BILL}`, SCHOOL],
    ];
    for (const [index, [about, subject, organisationId]] of abouts.entries()) {
      const outcome = await complain({ about, key: `k${index}` });
      expect(outcome).toMatchObject({ accepted: true, value: { subject } });
      expect(outcome.accepted && outcome.value.organisationId).toBe(organisationId);
    }
    const strangers: readonly [ComplaintAbout, string][] = [
      [{ paymentId: asId(idOf('x')) }, 'PAYMENT_NOT_FOUND'],
      [{ billId: UNPAID_BILL }, 'BILL_NOT_FOUND'],
      [{ ...named, payerName: '学生0002' }, 'BILL_NOT_FOUND'],
      [{ ...named, billId: asId(idOf('x')) }, 'BILL_NOT_FOUND'],
    ];
    for (const [about, code] of strangers)
      expect(await complain({ about, key: 's' })).toMatchObject(refusal(code));
    expect(await complain({}, as('payer', 'payer-2'))).toMatchObject(refusal('PAYMENT_NOT_FOUND'));
    expect(await complain({}, supervisor)).toMatchObject(refusal('FORBIDDEN'));
    await expect(complain({ text: ' ' })).rejects.toMatchObject({ code: 'INVALID_TEXT' });
    await expect(complain({ text: 'x'.repeat(2_001) })).rejects.toMatchObject({ code: 'INVALID_TEXT' });
    await expect(complain({ key: '' })).rejects.toMatchObject({ code: 'INVALID_IDEMPOTENCY_KEY' });
  });

  it('is not there for anybody else', async () => {
    const id = await complained();
    const nobody = [
      as('payer', 'payer-2'),
      as('supervisor', 'supervisor-2', { organisation: OTHER_SCHOOL }),
      as('bursar', 'bursar-1', { organisation: SCHOOL }),
      as('clerk', 'clerk-1'),
      as('ops', 'ops-1', { tenant: asId('other') }),
      as('payer', 'payer-1', { tenant: asId('other') }),
    ];
    for (const who of nobody) {
      expect(await seen(who, id)).toBeUndefined();
      expect(await world.query(new CaseHistory(who, id))).toBeUndefined();
      expect(await listed(who)).toEqual([]);
      const [role] = who.caller.roles;
      const staff = role === 'supervisor' || role === 'ops';
      const forStaff = refusal(staff ? 'CASE_NOT_FOUND' : 'FORBIDDEN');
      const forBoth = refusal(staff || role === 'payer' ? 'CASE_NOT_FOUND' : 'FORBIDDEN');
      const assign = new AssignCase(who, { idempotencyKey: 'k', caseId: id });
      expect(await world.execute(assign)).toMatchObject(forStaff);
      expect(await world.execute(new ResolveCase(who, said(id, 'x')))).toMatchObject(forStaff);
      expect(await world.execute(new NoteCase(who, said(id, 'x')))).toMatchObject(forBoth);
      expect(await world.execute(new ReopenCase(who, said(id, 'x')))).toMatchObject(forBoth);
    }
    expect(await seen(ops, asId('x'))).toBeUndefined();
    expect(await world.execute(new NoteCase(ops, said(asId('x'), 'x')))).toMatchObject(
      refusal('CASE_NOT_FOUND'),
    );
  });

  it('is read by an auditor and not worked on; nobody ends their own', async () => {
    const id = await complained();
    const auditor = as('auditor', 'auditor-1');
    expect(await world.execute(new NoteCase(auditor, said(id, 'x')))).toMatchObject(refusal('FORBIDDEN'));
    const both = requestOf({ ...callerOf('ops', 'payer-1'), roles: ['payer', 'ops'] });
    expect(await world.execute(new ResolveCase(both, said(id, 'x')))).toMatchObject(refusal('FORBIDDEN'));
    const assign = new AssignCase(both, { idempotencyKey: 'k', caseId: id });
    expect(await world.execute(assign)).toMatchObject(refusal('FORBIDDEN'));
    expect(await world.execute(new NoteCase(both, said(id, 'x')))).toMatchObject({ accepted: true });
  });

  it('takes an act once per key, and refuses what does not fit', async () => {
    const id = await complained();
    const note = new NoteCase(supervisor, said(id, 'one', 'k'));
    expect(await world.execute(note)).toEqual(await world.execute(note));
    expect(await world.execute(new NoteCase(supervisor, said(id, 'two', 'k')))).toMatchObject(
      refusal('IDEMPOTENCY_CONFLICT'),
    );
    expect(await world.query(new CaseHistory(ops, id))).toHaveLength(2);
    expect(await world.execute(new ReopenCase(payer, said(id, 'x')))).toMatchObject(
      refusal('CASE_NOT_RESOLVED'),
    );
    await world.execute(new ResolveCase(ops, said(id, 'done')));
    expect(await world.execute(new NoteCase(payer, said(id, 'x')))).toMatchObject(refusal('CASE_CLOSED'));
    const assign = (owner: string) => new AssignCase(ops, { idempotencyKey: owner, caseId: id, owner });
    expect(await world.execute(assign('supervisor-1'))).toMatchObject(refusal('CASE_CLOSED'));
    await expect(world.execute(assign('no name'))).rejects.toMatchObject({ code: 'INVALID_ACCOUNT' });
  });

  it('is unreadable for good once the payer’s data was erased; the case stays', async () => {
    const id = await complained();
    await world.execute(new NoteCase(supervisor, said(id, '家长来电')));
    const stored = JSON.stringify((await recordedEvents(world.log)).map(({ data }) => data));
    expect(stored).not.toContain('扣款两次');
    expect(stored).not.toContain('家长来电');
    const { store, subjectKeys: keys } = world;
    const context = {
      commandId: idOf('erase'),
      correlationId: 'c',
      actor: 'x',
      tenant: TENANT,
      at: world.now(),
    };
    await erasePersonalData({ keys, store }, asId('payer-1'), context);
    expect(await seen(ops, id)).not.toHaveProperty('text');
    const history = await world.query(new CaseHistory(ops, id));
    expect(history?.map(({ text }) => text)).toEqual([null, null]);
    expect(await world.execute(new ResolveCase(ops, said(id, 'erased')))).toMatchObject({ accepted: true });
  });
});
