import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { TENANT } from '#libs/testing/callers.js';
import {
  contractEventsIn,
  contractNode,
  contractPlatform,
  DAY_MS,
  fund,
  HOUR_MS,
  lesson,
  moverFor,
  paymentFor,
  signedContract,
  TERMINAL,
  tuitionInput,
  yuan,
  type ContractNode,
  type ContractPlatform,
} from '#libs/testing/contracts-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { terminalKey } from '#libs/testing/terminal-key.js';

let platform: ContractPlatform;
let node: ContractNode;

beforeEach(() => {
  platform = contractPlatform();
  node = contractNode(platform);
});

afterEach(async () => platform[Symbol.asyncDispose]());

const now = () => platform.runtime.clock.now();
const typesIn = async () => (await contractEventsIn(platform)).map(({ type }) => type);

async function running(name = 'course-1') {
  const { contractId } = await signedContract(node, tuitionInput(now(), name));
  return fund(node, contractId);
}

describe('a contract from draft to the last yuan', () => {
  it('is signed, funded, attested, confirmed by silence and refunded at its end', async () => {
    const { contractId, status, held } = await running();
    expect({ status, held }).toEqual({ status: 'active', held: yuan(1_200) });
    await platform.runtime.advance(HOUR_MS);
    const taught = lesson(contractId, 1, now());
    const attested = accepted(
      await node.contracts.attest(moverFor('lesson 1'), contractId, TERMINAL.signed(taught)),
    );
    expect(attested.openUnits).toMatchObject([
      { ruleId: 'lesson', dedupeKey: '1', amount: yuan(100), status: 'COOLING' },
    ]);
    await platform.runtime.advance(10 * DAY_MS);
    await node.clock.sweep(0);
    const released = await node.contracts.find(TENANT, contractId);
    expect(released).toMatchObject({ released: yuan(100), held: yuan(1_100), openUnits: [] });
    await platform.runtime.advance(60 * DAY_MS);
    await node.clock.sweep(0);
    const ended = await node.contracts.find(TENANT, contractId);
    expect(ended).toMatchObject({ status: 'expired', refunded: yuan(1_100), held: yuan(0), nextDueAt: null });
    expect(await typesIn()).toEqual([
      'ContractDrafted',
      'ContractSigned',
      'ContractSigned',
      'FundingReserved',
      'FundsDeposited',
      'ContractActivated',
      'EvidenceAccepted',
      'TimerFired',
      'FundsReleased',
      'TimerFired',
      'FundsRefunded',
      'ContractClosed',
    ]);
  });

  it('releases at once when the payer confirms', async () => {
    const { contractId } = await running();
    const signed = TERMINAL.signed(lesson(contractId, 1, now()));
    accepted(await node.contracts.attest(moverFor('lesson 1'), contractId, signed));
    const confirm = { kind: 'confirm', ruleId: 'lesson', dedupeKey: '1' } as const;
    const confirmed = accepted(await node.contracts.act(moverFor('confirm 1'), 'payer', contractId, confirm));
    expect(confirmed).toMatchObject({ released: yuan(100), openUnits: [] });
    const again = accepted(await node.contracts.act(moverFor('confirm 1'), 'payer', contractId, confirm));
    expect(again).toEqual(confirmed);
  });
});

describe('drafting', () => {
  it('answers the same input as the first time, on a later day too, and tells other input apart', async () => {
    const input = tuitionInput(now());
    const first = accepted(await node.contracts.draft(moverFor('draft'), 'school', input));
    await platform.runtime.advance(30 * DAY_MS);
    // Too late to be drafted anew: the deadline for funding has passed.
    expect(await node.contracts.draft(moverFor('draft again'), 'school', input)).toEqual({
      accepted: true,
      value: first,
    });
    const other = { ...input, subject: 'courseOrder-2' };
    for (const mover of [moverFor('draft'), moverFor('other draft')]) {
      expect(await node.contracts.draft(mover, 'school', other)).toMatchObject({
        accepted: false,
        rejection: { code: 'IDEMPOTENCY_CONFLICT' },
      });
    }
    expect(await typesIn()).toEqual(['ContractDrafted']);
  });

  it('fills in what the region sets, and pins template and document by their hashes', async () => {
    const contract = accepted(await node.contracts.draft(moverFor('draft'), 'school', tuitionInput(now())));
    expect(Object.keys(contract.params).toSorted()).toEqual(
      ['attKeys', 'cooling', 'endsAt', 'fundBy', 'lessons', 'maxLessons', 'maxTotal', 'total'].toSorted(),
    );
    expect(contract).toMatchObject({
      region: 'CN',
      templateId: 'tuition-per-lesson',
      templateVersion: '1.0.0',
      templateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      docHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      status: 'drafted',
      unsigned: ['payer', 'school'],
      draftedAt: now(),
    });
  });

  it.each([
    ['TEMPLATE_NOT_FOUND', { templateId: 'no-such-template' }],
    ['TEMPLATE_NOT_FOUND', { templateVersion: '9.9.9' }],
    ['REGION_NOT_FOUND', { region: 'XX' }],
    ['INVALID_PARAMETERS', { params: {} }],
    ['INVALID_PARAMETERS', { parties: [] }],
  ])('refuses with %s and stores nothing', async (code, change) => {
    const input = { ...tuitionInput(now()), ...change };
    expect(await node.contracts.draft(moverFor('draft'), 'school', input)).toMatchObject({
      accepted: false,
      rejection: { code },
    });
    expect(await typesIn()).toEqual([]);
  });
});

describe('a contract of another tenant', () => {
  it('looks like none', async () => {
    const { contractId } = await running();
    const before = await typesIn();
    const mover = { ...moverFor('stranger'), tenant: asId<'tenant'>('other') };
    const notFound = { accepted: false, rejection: { code: 'CONTRACT_NOT_FOUND' } };
    const paymentId = paymentFor(contractId);
    expect(await node.contracts.find(mover.tenant, contractId)).toBeUndefined();
    expect(
      await node.contracts.act(mover, 'payer', contractId, { kind: 'draw', ruleId: 'lesson' }),
    ).toMatchObject(notFound);
    const evidence = TERMINAL.signed(lesson(contractId, 1, now()));
    expect(await node.contracts.attest(mover, contractId, evidence)).toMatchObject(notFound);
    const change = { amendmentId: 'a1', params: { total: '1' }, reason: 'cheaper' };
    expect(await node.contracts.proposeAmendment(mover, 'payer', contractId, change)).toMatchObject(notFound);
    expect(await node.funding.reserve({ ...mover, contractId, paymentId }, yuan(1))).toMatchObject(notFound);
    expect(await node.contracts.draft(mover, 'school', tuitionInput(now()))).toMatchObject({
      accepted: false,
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    expect(await typesIn()).toEqual(before);
  });
});

describe('evidence', () => {
  it('is refused for what it lacks, and leaves nothing behind', async () => {
    const { contractId } = await running();
    const statement = lesson(contractId, 1, now());
    const { signatures } = TERMINAL.signed(statement);
    const table = [
      ['BAD_SIGNATURE', { statement: { ...statement, dedupeKey: '2' }, signatures }],
      ['BAD_SIGNATURE', terminalKey(2).signed(statement)],
      ['NOT_ENOUGH_SIGNATURES', { statement, signatures: [] }],
      ['INVALID_EVIDENCE', TERMINAL.signed({ ...statement, contractId: asId('no-uuid') })],
      ['EVIDENCE_FROM_THE_FUTURE', TERMINAL.signed({ ...statement, observedAt: addMs(now(), HOUR_MS) })],
      ['EVIDENCE_TOO_OLD', TERMINAL.signed({ ...statement, observedAt: addMs(now(), -HOUR_MS) })],
    ] as const;
    const before = await typesIn();
    for (const [code, evidence] of table) {
      const outcome = await node.contracts.attest(moverFor(code), contractId, evidence);
      expect({ code, outcome }).toMatchObject({ code, outcome: { accepted: false, rejection: { code } } });
    }
    expect(await typesIn()).toEqual(before);
  });

  it('is told apart when it comes again: the same is a duplicate, other a conflict, the same command a repeat', async () => {
    const { contractId } = await running();
    const first = TERMINAL.signed(lesson(contractId, 1, now()));
    const accept = await node.contracts.attest(moverFor('lesson 1'), contractId, first);
    expect(await node.contracts.attest(moverFor('lesson 1'), contractId, first)).toEqual(accept);
    expect(await node.contracts.attest(moverFor('again'), contractId, first)).toMatchObject({
      rejection: { code: 'DUPLICATE' },
    });
    await platform.runtime.advance(1);
    const other = TERMINAL.signed(lesson(contractId, 1, now()));
    expect(await node.contracts.attest(moverFor('other'), contractId, other)).toMatchObject({
      rejection: { code: 'EVIDENCE_CONFLICT' },
    });
  });
});

describe('an amendment', () => {
  it('is signed over its own document and holds from the last signature on', async () => {
    const { contractId, docHash } = await running();
    const change = { amendmentId: 'amendment-1', params: { total: '90000' }, reason: 'Lower price' };
    const proposed = accepted(
      await node.contracts.proposeAmendment(moverFor('propose', 'bursar-1'), 'school', contractId, change),
    );
    const open = proposed.openAmendment!;
    expect(open).toMatchObject({
      amendmentId: 'amendment-1',
      templateVersion: '1.0.0',
      params: { ...proposed.params, total: '90000' },
      reason: 'Lower price',
      unsigned: ['payer', 'school'],
    });
    expect(open.docHash).not.toBe(docHash);
    let contract = proposed;
    for (const role of open.unsigned) {
      const signature = { keyId: role, alg: 'account', docHash: open.docHash, sig: '' } as const;
      const act = { kind: 'signAmendment', amendmentId: 'amendment-1', role, signature } as const;
      contract = accepted(await node.contracts.act(moverFor(`amend ${role}`), role, contractId, act));
    }
    expect(contract).toMatchObject({
      params: { total: '90000' },
      docHash: open.docHash,
      openAmendment: null,
      refunded: yuan(300),
      held: yuan(900),
    });
  });
});

describe('the clock', () => {
  it('goes on with the others when one contract cannot be ticked', async () => {
    const one = await running('one');
    const two = await running('two');
    for (const { contractId } of [one, two]) {
      const signed = TERMINAL.signed(lesson(contractId, 1, now()));
      accepted(await node.contracts.attest(moverFor(`${contractId} lesson`), contractId, signed));
    }
    await platform.runtime.advance(10 * DAY_MS);
    const run = node.store.run.bind(node.store);
    node.store.run = (aggregate, id, ...rest) =>
      id === one.contractId ? Promise.reject(new Error('Unreachable.')) : run(aggregate, id, ...rest);
    await node.clock.sweep(0);
    expect(await node.contracts.find(TENANT, two.contractId)).toMatchObject({ released: yuan(100) });
    expect(await node.contracts.find(TENANT, one.contractId)).toMatchObject({ released: yuan(0) });
    expect(node.clock.reasonOf(one.contractId)).toBe('Error: Unreachable.');
    node.store.run = run;
    // Its pause is over.
    await platform.runtime.advance(6_000);
    await node.clock.sweep(0);
    expect(await node.contracts.find(TENANT, one.contractId)).toMatchObject({ released: yuan(100) });
  });

  it('looks every second, and tells how long the first has been due', async () => {
    const { contractId } = await running();
    accepted(
      await node.contracts.attest(
        moverFor('lesson'),
        contractId,
        TERMINAL.signed(lesson(contractId, 1, now())),
      ),
    );
    const { nextDueAt } = (await node.contracts.find(TENANT, contractId))!;
    await node.clock.start();
    expect(node.clock.overdueMs).toBe(0);
    platform.runtime.setNow(addMs(nextDueAt!, 5_000));
    await platform.runtime.advance(1_000);
    await node.clock.stop();
    expect(await node.contracts.find(TENANT, contractId)).toMatchObject({ released: yuan(100) });
    expect(node.clock.overdueMs).toBe(6_000);
    await node.clock.sweep(0);
    expect(node.clock.overdueMs).toBe(0);
  });

  it('waits until time has caught up when it was set back', async () => {
    const { contractId } = await running();
    await platform.runtime.advance(7 * DAY_MS);
    const later = now();
    const signed = TERMINAL.signed(lesson(contractId, 1, later));
    accepted(await node.contracts.attest(moverFor('lesson'), contractId, signed));
    platform.runtime.setNow(addMs(later, -HOUR_MS));
    const confirm = { kind: 'confirm', ruleId: 'lesson', dedupeKey: '1' } as const;
    expect(await node.contracts.act(moverFor('early'), 'payer', contractId, confirm)).toMatchObject({
      rejection: { code: 'CLOCK_REGRESSION' },
    });
    platform.runtime.setNow(addMs(later, 1));
    accepted(await node.contracts.act(moverFor('early'), 'payer', contractId, confirm));
  });
});
