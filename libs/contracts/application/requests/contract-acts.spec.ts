import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL } from '#libs/testing/callers.js';
import { NO_CONTRACT, requestsWorld, type RequestsWorld } from '#libs/testing/contract-requests.js';
import {
  BUREAU,
  lesson,
  moverFor,
  PAYER,
  signedContract,
  TERMINAL,
  tuitionInput,
} from '#libs/testing/contracts-world.js';
import type { ContractSummary } from '../../contract/release-contracts.js';
import { ConfirmUnit, ObjectToUnit, OpenDispute, VoteOnDispute } from '../../contract/requests.js';
import { ConfirmUnitHandler } from './confirm-unit.js';
import { ObjectToUnitHandler } from './object-to-unit.js';
import { OpenDisputeHandler } from './open-dispute.js';
import { VoteOnDisputeHandler } from './vote-on-dispute.js';

const payer = requestOf(callerOf('payer', PAYER));
const supervisor = requestOf(callerOf('supervisor', 'supervisor-1', SCHOOL));
const bureau = requestOf(callerOf('supervisor', 'officer-1', BUREAU));

let world: RequestsWorld;
let course: ContractSummary;

beforeEach(async () => {
  world = requestsWorld();
  course = await world.active();
});
afterEach(async () => world[Symbol.asyncDispose]());

/** The school has taught the lesson and says so. */
async function teach(lessonNo: number, of = course): Promise<void> {
  const { clock } = world.platform.runtime;
  const evidence = TERMINAL.signed(lesson(of.contractId, lessonNo, clock.now()));
  const attested = await world.node.contracts.attest(moverFor(`lesson ${lessonNo}`), of.contractId, evidence);
  expect(attested.accepted).toBe(true);
  await world.stored();
}

const unit = (lessonNo: number, of = course) => ({
  contractId: of.contractId,
  ruleId: 'lesson',
  dedupeKey: String(lessonNo),
});

function confirm(request: RequestContext, lessonNo: number, change: object = {}) {
  const input = { idempotencyKey: `confirm-${lessonNo}`, ...unit(lessonNo), ...change };
  return new ConfirmUnitHandler(world.acts).execute(new ConfirmUnit(request, input));
}

describe('an act of a party', () => {
  it('is done in the role that the caller fills, and once per key', async () => {
    await teach(1);
    const confirmed = await confirm(payer, 1);
    expect(confirmed).toMatchObject({
      accepted: true,
      value: { released: { amount: 10_000n }, openUnits: [] },
    });
    expect(await world.stored()).toEqual(['RequestClaimed.v1', 'AccrualConfirmed.v1', 'FundsReleased.v1']);
    expect(await confirm(payer, 1)).toEqual(confirmed);
    expect(await world.stored()).toEqual([]);
  });

  it('is refused under a key that stands for another input, here and on another contract', async () => {
    await teach(1);
    await teach(2);
    await confirm(payer, 1, { idempotencyKey: 'k' });
    await world.stored();
    const other = await world.active('course-2');
    await teach(1, other);
    for (const change of [{ dedupeKey: '2' }, { contractId: other.contractId }, { role: 'payer' }]) {
      expect(await confirm(payer, 1, { idempotencyKey: 'k', ...change })).toMatchObject({
        rejection: { code: 'IDEMPOTENCY_CONFLICT', path: ['input', 'idempotencyKey'] },
      });
    }
    expect(await world.stored()).toEqual([]);
    // Somebody else's key is another key.
    expect(await confirm(requestOf(callerOf('payer', 'payer-2')), 1, { idempotencyKey: 'k' })).toMatchObject({
      rejection: { code: 'CONTRACT_NOT_FOUND' },
    });
  });

  const stranger = callerOf('payer', PAYER);
  it.each<[string, RequestContext, object, string]>([
    ['somebody without a role that acts', requestOf(callerOf('clerk', 'clerk-1', SCHOOL)), {}, 'FORBIDDEN'],
    ['the auditor', requestOf(callerOf('auditor', 'auditor-1')), {}, 'FORBIDDEN'],
    ['another payer', requestOf(callerOf('payer', 'payer-2')), {}, 'CONTRACT_NOT_FOUND'],
    ['another school', requestOf(callerOf('supervisor', 's-2', OTHER_SCHOOL)), {}, 'CONTRACT_NOT_FOUND'],
    [
      'the same account of another bank',
      requestOf({ ...stranger, tenant: asId<'tenant'>('other') }),
      {},
      'CONTRACT_NOT_FOUND',
    ],
    ['a party of another contract', payer, { contractId: NO_CONTRACT }, 'CONTRACT_NOT_FOUND'],
    ['a contract that is no id', payer, { contractId: asId<'contract'>('x:y') }, 'CONTRACT_NOT_FOUND'],
    [
      'staff of the bank without a role in it',
      requestOf(callerOf('supervisor', 's-3')),
      {},
      'NOT_AUTHORISED',
    ],
    ['a party in a role that is not its own', payer, { role: 'school' }, 'NOT_AUTHORISED'],
    ['a party in a role that there is not', payer, { role: 'nobody' }, 'NOT_AUTHORISED'],
    ['a party whose role may not do it', supervisor, {}, 'NOT_AUTHORISED'],
  ])('is refused to %s', async (_name, request, change, code) => {
    await teach(1);
    expect(await confirm(request, 1, change)).toMatchObject({ accepted: false, rejection: { code } });
    // A key may have been claimed; the contract has nothing of it.
    expect((await world.stored()).filter((type) => type !== 'RequestClaimed.v1')).toEqual([]);
  });

  it('is the account’s whose party it is only as a payer, and the organisation’s only by who acts for it', async () => {
    await teach(1);
    const both = { ...callerOf('supervisor', PAYER, OTHER_SCHOOL) };
    expect(await confirm(requestOf(both), 1)).toMatchObject({ rejection: { code: 'CONTRACT_NOT_FOUND' } });
  });

  it('is never done in the name of another party, nor of an organisation by whoever does not act for it', async () => {
    const clerkAndPayer = { ...callerOf('clerk', 'clerk-1', SCHOOL), roles: ['clerk', 'payer'] as const };
    const attempts: readonly (readonly [RequestContext, object])[] = [
      [payer, { role: 'school' }],
      [supervisor, { role: 'payer' }],
      [requestOf(clerkAndPayer), {}],
      [requestOf(clerkAndPayer), { role: 'school' }],
    ];
    for (const [request, change] of attempts) {
      const input = { idempotencyKey: 'd', contractId: course.contractId, reasonCode: 'QUALITY', ...change };
      const answer = await new OpenDisputeHandler(world.acts).execute(new OpenDispute(request, input));
      expect(answer).toMatchObject({ accepted: false, rejection: { code: 'NOT_AUTHORISED' } });
    }
  });

  it('names the role where the caller fills several', async () => {
    const input = tuitionInput(world.platform.runtime.clock.now(), 'course-3');
    const parties = input.parties.map((party) =>
      party.role === 'bureau' ? { ...party, partyId: SCHOOL } : party,
    );
    const { contractId } = await signedContract(world.node, { ...input, parties });
    const dispute = { idempotencyKey: 'd', contractId, reasonCode: 'QUALITY' };
    const handler = new OpenDisputeHandler(world.acts);
    await expect(handler.execute(new OpenDispute(supervisor, dispute))).rejects.toMatchObject({
      code: 'ROLE_REQUIRED',
    });
    const asBureau = { ...dispute, role: 'bureau' };
    expect(await handler.execute(new OpenDispute(supervisor, asBureau))).toMatchObject({
      rejection: { code: 'CONTRACT_NOT_ACTIVE' },
    });
  });

  it.each(['', 'not delivered', 'X'.repeat(41)])('gives a reason by its code: %j', async (reasonCode) => {
    const asked = new ObjectToUnit(payer, { idempotencyKey: 'o', ...unit(1), reasonCode });
    await expect(new ObjectToUnitHandler(world.acts).execute(asked)).rejects.toMatchObject({
      code: 'INVALID_REASON_CODE',
    });
  });
});

describe('an objection', () => {
  it('stops the unit until two roles agree, and a changed mind counts', async () => {
    await teach(1);
    const objected = { idempotencyKey: 'o', ...unit(1), reasonCode: 'NOT_DELIVERED' };
    const opened = await new ObjectToUnitHandler(world.acts).execute(new ObjectToUnit(payer, objected));
    if (!opened.accepted) throw new Error(opened.rejection.code);
    const { disputeId } = opened.value.openDispute!;
    expect(opened.value).toMatchObject({ frozen: { amount: 10_000n }, openUnits: [{ status: 'DISPUTED' }] });
    expect(await confirm(payer, 1)).toMatchObject({ rejection: { code: 'CONTRACT_FROZEN' } });
    const vote = (request: RequestContext, outcome: 'release' | 'refund' | 'thaw', key: string) =>
      new VoteOnDisputeHandler(world.acts).execute(
        new VoteOnDispute(request, {
          idempotencyKey: key,
          contractId: course.contractId,
          disputeId,
          outcome,
        }),
      );
    expect(await vote(supervisor, 'release', '1')).toMatchObject({ accepted: true });
    expect(await vote(payer, 'refund', '2')).toMatchObject({ accepted: true });
    expect(await vote(supervisor, 'refund', '3')).toMatchObject({
      accepted: true,
      value: { openDispute: null, refunded: { amount: 10_000n } },
    });
    expect(await vote(bureau, 'refund', '4')).toMatchObject({ rejection: { code: 'DISPUTE_NOT_FOUND' } });
  });
});
