import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { asId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import type { Caller, Role } from '#libs/security/port/index.js';
import { contextWorld, type ContextWorld } from '#libs/testing/context-world.js';
import { callerOf, OTHER_SCHOOL, recordedEvents, requestOf, SCHOOL, TENANT } from '#libs/testing/callers.js';
import { ApprovalDecisions, approvalsApplication } from './application/index.js';
import { approvalsEventSets } from './codec/index.js';
import {
  APPROVAL_WAITERS,
  ApprovalById,
  APPROVALS,
  ApprovalsToDecide,
  DecideApproval,
  type ApprovalRequest,
  type Approvals,
  type ApprovalWaiter,
} from './contract/index.js';
import { approvalsProjections, approvalsQueries } from './read-model/index.js';

type Told = Parameters<ApprovalWaiter['decided']>[0];

const HOUR_MS = 3_600_000;
const idOf = (name: string) => asId<'approval'>(deriveUuid(UUID_NAMESPACES.entity, 'approval', name));
const as = (role: Role, name: string, change: Partial<Caller> = {}) =>
  requestOf({ ...callerOf(role, name), ...change });
const maker = callerOf('bursar', 'bursar-1', SCHOOL);
const supervisor = as('supervisor', 'supervisor-1', { organisation: SCHOOL });
const ops = as('ops', 'ops-1');

let world: ContextWorld;
let approvals: Approvals;
let told: Told[];
/** What the waiter does next. */
let react: (decision: Told) => Promise<void>;

beforeEach(async () => {
  told = [];
  react = async () => undefined;
  const waiter: ApprovalWaiter = {
    kinds: ['refund'],
    decided: async (decision) => {
      told.push(decision);
      await react(decision);
    },
  };
  world = await contextWorld({
    events: approvalsEventSets,
    projections: approvalsProjections,
    providers: [
      ...approvalsApplication,
      ...approvalsQueries,
      { provide: APPROVAL_WAITERS, useValue: [waiter] },
    ],
    managers: [ApprovalDecisions],
  });
  approvals = world.part<Approvals>(APPROVALS);
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const payload = { refund: 'r1', amount: '120.00' };

function requestFor(change: Partial<ApprovalRequest> = {}): ApprovalRequest {
  const { accountId, personId } = maker;
  return {
    approvalId: idOf('r1'),
    kind: 'refund',
    tenant: TENANT,
    organisationId: SCHOOL,
    subject: 'refund-r1',
    payload,
    maker: { accountId, personId },
    reason: 'paid twice',
    requestedAt: world.now(),
    expiresAt: addMs(world.now(), HOUR_MS),
    ...change,
  };
}
const ask = (change: Partial<ApprovalRequest> = {}) => approvals.request(requestFor(change), 'trace-1');
const seen = async (as = supervisor, name = 'r1') => world.query(new ApprovalById(as, idOf(name)));
const use = (change: object = {}) =>
  approvals.use(idOf('r1'), { tenant: TENANT, payload, useId: 'r1', correlationId: 'trace-2', ...change });
const withdraw = () =>
  approvals.withdraw(idOf('r1'), { tenant: TENANT, reason: 'off', correlationId: 'trace-2' });

async function decide(as = supervisor, change: Partial<DecideApproval['input']> = {}) {
  const payloadHash = (await seen(ops))?.payloadHash ?? '0'.repeat(64);
  const input = { approvalId: idOf('r1'), payloadHash, grant: true, comment: '', ...change };
  return world.execute(new DecideApproval(as, input));
}

describe('a request', () => {
  it('is shown to who may check it and to its maker, as it is', async () => {
    await ask();
    const view = {
      id: idOf('r1'),
      kind: 'refund',
      status: 'PENDING',
      organisationId: SCHOOL,
      subject: 'refund-r1',
      payload,
      payloadHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      maker: { accountId: 'bursar-1', personId: 'person-bursar-1' },
      reason: 'paid twice',
      requestedAt: world.now(),
      expiresAt: addMs(world.now(), HOUR_MS),
    };
    expect(await seen()).toEqual({ ...view, mayDecide: true });
    expect(await seen(ops)).toEqual({ ...view, mayDecide: true });
    expect(await seen(requestOf(maker))).toEqual({ ...view, mayDecide: false });
    expect(await seen(as('auditor', 'auditor-1'))).toEqual({ ...view, mayDecide: false });
    const nobody = [
      as('bursar', 'bursar-2', { organisation: SCHOOL }),
      as('supervisor', 'supervisor-2', { organisation: OTHER_SCHOOL }),
      as('auditor', 'auditor-2', { organisation: OTHER_SCHOOL }),
      as('ops', 'ops-2', { tenant: asId('other') }),
      as('payer', 'payer-1'),
    ];
    for (const stranger of nobody) {
      expect(await seen(stranger)).toBeUndefined();
      const { items } = await world.query(new ApprovalsToDecide(stranger, {}, { first: 10 }));
      expect(items).toEqual([]);
    }
  });

  it('is listed by kind and status, newest first, page by page; expiry counts by the clock', async () => {
    for (let index = 1; index <= 3; index += 1) {
      await ask({ approvalId: idOf(`n${index}`), subject: `refund-n${index}` });
      world.pass(1);
    }
    await ask({
      approvalId: idOf('tiers'),
      kind: 'walletLimits',
      subject: 'walletTiers-demo',
      organisationId: undefined,
    });
    const list = async (as: typeof ops, filter: object, page: object = { first: 10 }) =>
      world.query(new ApprovalsToDecide(as, filter, page as { first: number }));
    const subjects = async (as: typeof ops, filter: object) =>
      (await list(as, filter)).items.map(({ item }) => item.subject);
    const refunds = ['refund-n3', 'refund-n2', 'refund-n1'];
    expect(await subjects(ops, {})).toEqual(['walletTiers-demo', ...refunds]);
    expect(await subjects(supervisor, {})).toEqual(refunds);
    expect(await subjects(ops, { kinds: ['walletLimits'] })).toEqual(['walletTiers-demo']);
    expect(await subjects(ops, { kinds: [] })).toEqual([]);
    expect(await subjects(ops, { statuses: ['GRANTED'] })).toEqual([]);
    const first = await list(supervisor, {}, { first: 2 });
    expect(first).toMatchObject({ hasNextPage: true, totalCount: 3 });
    const next = await list(supervisor, {}, { first: 2, after: first.items[1]!.cursor });
    expect(next.items.map(({ item }) => item.subject)).toEqual(['refund-n1']);
    await expect(list(ops, {}, { first: 2, after: 'x' })).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
    world.pass(HOUR_MS - 3);
    expect(await subjects(ops, { statuses: ['EXPIRED'] })).toEqual(['refund-n1']);
    expect(await subjects(ops, { statuses: ['PENDING'] })).toEqual([
      'walletTiers-demo',
      'refund-n3',
      'refund-n2',
    ]);
    expect(await seen(supervisor, 'n1')).toMatchObject({ status: 'EXPIRED', mayDecide: false });
  });

  it('repeated is the same request; edited, it is decided anew', async () => {
    const first = requestFor();
    await approvals.request(first, 'trace-1');
    await approvals.request(first, 'trace-1');
    const before = (await seen())!.payloadHash;
    expect(await decide()).toMatchObject({ accepted: true, value: { status: 'GRANTED', mayDecide: false } });
    world.pass(1);
    await ask({ payload: { ...payload, amount: '1200.00' } });
    await approvals.request(first, 'trace-1');
    expect(await seen()).toMatchObject({
      status: 'PENDING',
      payload: { amount: '1200.00' },
      mayDecide: true,
    });
    expect(await decide(supervisor, { payloadHash: before })).toMatchObject({
      rejection: { code: 'APPROVAL_STALE' },
    });
    expect(await use()).toMatchObject({ rejection: { code: 'APPROVAL_VOID' } });
    await expect(approvals.request({ ...first, kind: 'writeOff' }, 't')).rejects.toThrow(
      'APPROVAL_OF_ANOTHER_ACT',
    );
    await expect(ask({ reason: 'x'.repeat(501) })).rejects.toThrow(TypeError);
  });
});

describe('a decision', () => {
  it('is for a second person with the role in the right place, and for nobody else', async () => {
    await ask({ maker: { accountId: 'supervisor-0', personId: 'person-0' } });
    const refused: readonly [ReturnType<typeof as>, string][] = [
      [as('bursar', 'bursar-2', { organisation: SCHOOL }), 'FORBIDDEN'],
      [as('auditor', 'auditor-1'), 'FORBIDDEN'],
      [as('supervisor', 'supervisor-2', { organisation: OTHER_SCHOOL }), 'APPROVAL_NOT_FOUND'],
      [as('ops', 'ops-2', { tenant: asId('other') }), 'APPROVAL_NOT_FOUND'],
      [as('supervisor', 'supervisor-0', { organisation: SCHOOL, personId: 'x' }), 'SAME_PERSON'],
      [as('ops', 'ops-9', { personId: 'person-0' }), 'SAME_PERSON'],
    ];
    for (const [request, code] of refused)
      expect(await decide(request)).toMatchObject({ rejection: { code } });
    const missing = { approvalId: idOf('none') };
    expect(await decide(ops, missing)).toMatchObject({ rejection: { code: 'APPROVAL_NOT_FOUND' } });
    expect(await decide(ops, { approvalId: asId('x') })).toMatchObject({
      rejection: { code: 'APPROVAL_NOT_FOUND' },
    });
    await expect(decide(ops, { payloadHash: 'x' })).rejects.toMatchObject({ code: 'INVALID_PAYLOAD_HASH' });
    await expect(decide(ops, { comment: 'x'.repeat(501) })).rejects.toMatchObject({
      code: 'INVALID_COMMENT',
    });
    expect(await decide()).toMatchObject({ accepted: true, value: { status: 'GRANTED' } });
    expect(await decide()).toMatchObject({ accepted: true, value: { status: 'GRANTED' } });
    expect(await decide(supervisor, { grant: false })).toMatchObject({
      rejection: { code: 'APPROVAL_CLOSED' },
    });
    expect(await decide(ops)).toMatchObject({ rejection: { code: 'APPROVAL_CLOSED' } });
  });

  it('by the tenant’s staff still belongs to the organisation it is about', async () => {
    await ask();
    await decide(ops);
    const events = await recordedEvents(world.log);
    expect(events.map(({ type, metadata }) => [type, metadata['actor'], metadata['organisation']])).toEqual([
      ['ApprovalRequested.v1', 'bursar-1', SCHOOL],
      ['ApprovalGranted.v1', 'ops-1', SCHOOL],
    ]);
  });
});

describe('the use of an approval', () => {
  it('is for one act, answered the same each time, and tells the checker', async () => {
    expect(await use()).toMatchObject({ rejection: { code: 'APPROVAL_NOT_FOUND' } });
    await ask();
    expect(await use()).toMatchObject({ rejection: { code: 'APPROVAL_PENDING' } });
    await decide();
    const yes = {
      accepted: true,
      value: { checker: { accountId: 'supervisor-1', personId: 'person-supervisor-1' } },
    };
    expect(await use({ tenant: asId('other') })).toMatchObject({ rejection: { code: 'APPROVAL_NOT_FOUND' } });
    expect(await use()).toEqual(yes);
    expect(await seen()).toMatchObject({ status: 'USED' });
    world.pass(2 * HOUR_MS);
    expect(await use()).toEqual(yes);
    expect(await use({ useId: 'r2' })).toMatchObject({ rejection: { code: 'APPROVAL_USED' } });
    await withdraw();
    expect(await seen()).toMatchObject({ status: 'USED', decision: { granted: true } });
    await expect(ask({ payload: { amount: '1.00' } })).rejects.toThrow('APPROVAL_USED');
  });

  it('is refused when declined, withdrawn or expired', async () => {
    await ask();
    await decide(supervisor, { grant: false, comment: 'wrong amount' });
    expect(await use()).toMatchObject({ rejection: { code: 'APPROVAL_DECLINED' } });
    expect(await seen()).toMatchObject({ status: 'DECLINED', decision: { comment: 'wrong amount' } });
    const again = { ...payload, attempt: '2' };
    await ask({ payload: again });
    await decide();
    await withdraw();
    await withdraw();
    expect(await use({ payload: again })).toMatchObject({ rejection: { code: 'APPROVAL_VOID' } });
    expect(await seen()).toMatchObject({ status: 'VOID' });
    const third = { ...payload, attempt: '3' };
    await ask({ payload: third });
    await decide();
    world.pass(HOUR_MS);
    expect(await use({ payload: third })).toMatchObject({ rejection: { code: 'APPROVAL_VOID' } });
    expect(await seen()).toMatchObject({ status: 'EXPIRED' });
  });
});

describe('who waits for a decision', () => {
  const decision = {
    approvalId: idOf('r1'),
    kind: 'refund',
    subject: 'refund-r1',
    tenant: TENANT,
    checker: { accountId: 'supervisor-1', personId: 'person-supervisor-1' },
  } as const;

  it('is told of each of its kind, with all it needs', async () => {
    await ask();
    const other = {
      approvalId: idOf('w1'),
      kind: 'writeOff',
      subject: 'bill-1',
      payload: { bill: '1' },
    } as const;
    await ask(other);
    await decide(supervisor, { grant: false, comment: 'no' });
    const hash = (await seen(ops, 'w1'))!.payloadHash;
    await decide(supervisor, { approvalId: idOf('w1'), payloadHash: hash });
    await world.consumers.caughtUp();
    expect(told).toEqual([{ ...decision, granted: false, comment: 'no', correlationId: 'correlation-1' }]);
  });

  it('is told again until its reaction is durable, and can act on the grant at once', async () => {
    const answers: unknown[] = [];
    react = async () => {
      if (told.length < 3) throw new Error('not now');
      answers.push(await use());
    };
    await ask();
    await decide();
    await world.consumers.caughtUp();
    const granted = { ...decision, granted: true, comment: '', correlationId: 'correlation-1' };
    expect(told).toEqual([granted, granted, granted]);
    expect(answers).toMatchObject([{ accepted: true }]);
    expect(world.consumers.status().find(({ name }) => name === 'approval-decisions')).toMatchObject({
      deadLetters: 0,
    });
  });
});
