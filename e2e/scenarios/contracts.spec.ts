import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Contract,
  amount,
  contractOf,
  lessonGiven,
  onContract,
  signer,
  timelineOf,
  verdictOn,
} from './contract-acts.js';
import { ContractFloor, lessonUnit } from './contract-floor.js';
import { type Person, settled } from './shop-floor.js';

let at: ContractFloor;

beforeAll(async () => {
  at = await ContractFloor.open();
});
afterAll(() => at.floor.close());

describe('a contract', () => {
  it('is drafted once per key, and shown to whoever it concerns', async () => {
    const parameters = at.terms();
    const input = {
      idempotencyKey: 'once',
      templateId: 'trial-lessons',
      parameters,
      parties: at.parties(),
    };
    const contract = await onContract(at.bursar, 'draftContract', input);
    expect(contract).toMatchObject({ __typename: 'ReleaseContract', status: 'DRAFTED' });
    expect(await onContract(at.bursar, 'draftContract', input)).toEqual(contract);
    const other = { ...input, parameters: [...parameters.slice(1), amount('total', '120.00')] };
    expect((await onContract(at.bursar, 'draftContract', other)).code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await contractOf(at.outsider, contract.id)).toBeNull();
    for (const person of [at.payer, at.bursar, at.bureau, at.auditor]) {
      expect(await contractOf(person, contract.id)).toMatchObject({ id: contract.id });
    }
    const unseen = { idempotencyKey: 'w', contractId: contract.id, documentHash: '0'.repeat(64) };
    expect((await onContract(at.payer, 'signContract', unseen)).code).toBe('WRONG_DOCUMENT');
    const off = { idempotencyKey: 'off', contractId: contract.id, reason: '改期' };
    expect(await onContract(at.payer, 'withdrawContract', off)).toMatchObject({ status: 'CANCELLED' });
  });

  it('sells lessons: paid by confirmation and by silence, stopped by an objection, given back on withdrawal', async () => {
    const contract = await at.running('course');
    expect(contract).toMatchObject({ status: 'ACTIVE', held: { amount: '240.00' } });
    const watching = at.payer.watch<Contract>(
      'subscription W($id: ID!) { contractUpdated(id: $id) { id status released { amount } } }',
      { id: contract.id },
    );
    for (const lessonNo of [1, 2, 3]) {
      const taught = await at.attest(contract, lessonGiven(contract, lessonNo));
      expect(taught).toMatchObject({ __typename: 'ReleaseContract', released: { amount: '0.00' } });
    }
    const first = lessonUnit(contract, 1);
    expect((await onContract(at.bursar, 'confirmUnit', first)).code).toBe('NOT_AUTHORISED');
    expect(await at.confirm(contract, 1)).toMatchObject({
      released: { amount: '10.00' },
      held: { amount: '230.00' },
    });
    const objection = { ...lessonUnit(contract, 3), reasonCode: 'NOT_DELIVERED' };
    const objected = await onContract(at.payer, 'objectToUnit', objection);
    expect(objected).toMatchObject({ frozen: { amount: '10.00' }, status: 'ACTIVE' });
    // Nobody says anything about lesson 2.
    await settled(
      () => contractOf(at.payer, contract.id),
      ({ released }) => released.amount === '20.00',
    );
    const { disputeId } = objected.openDispute!;
    const vote = (person: Person) =>
      onContract(person, 'voteOnDispute', {
        idempotencyKey: 'vote',
        contractId: contract.id,
        disputeId,
        outcome: 'REFUND',
      });
    expect(await vote(at.payer)).toMatchObject({ __typename: 'ReleaseContract', openDispute: { disputeId } });
    expect(await vote(at.bureau)).toMatchObject({ openDispute: null, refunded: { amount: '10.00' } });
    const withdrawal = { idempotencyKey: 'withdraw', contractId: contract.id, ruleId: 'withdraw' };
    const ended = await onContract(at.payer, 'approveUnit', withdrawal);
    expect(ended).toMatchObject({
      status: 'COMPLETED',
      released: { amount: '20.00' },
      refunded: { amount: '220.00' },
      held: { amount: '0.00' },
    });
    expect(await onContract(at.payer, 'approveUnit', withdrawal)).toEqual(ended);
    await watching.until((received) => received.some(({ status }) => status === 'COMPLETED'));
    await settled(
      () =>
        at.payer.get<readonly { readonly available: { readonly amount: string } }[]>(
          '{ wallets { available { amount } } }',
        ),
      ([only]) => only?.available.amount === '4980.00',
    );
  });

  it('proves every payout to anybody, and no altered proof passes', async () => {
    const contract = await at.running('proved');
    await at.attest(contract, lessonGiven(contract, 1));
    await at.confirm(contract, 1);
    const entries = await timelineOf(at.payer, contract.id);
    const { releaseId, totals } = entries.find(({ type }) => type === 'FundsReleased')!;
    expect(totals).toMatchObject({ released: { amount: '10.00' }, held: { amount: '230.00' } });
    const proofOf = (person: Person) =>
      person.get<{ readonly document: string } | null>(
        'query P($id: ID!, $release: String!) { releaseProof(contractId: $id, releaseId: $release) { document } }',
        { id: contract.id, release: releaseId },
      );
    expect(await proofOf(at.outsider)).toBeNull();
    const { document } = (await proofOf(at.payer))!;
    const verdict = await verdictOn(at.outsider, document);
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(verdict.valid).toBe(true);
    const alterations: readonly (readonly [string, string])[] = [
      ['1000', '1001'],
      [at.terminal.publicKey, signer().publicKey],
      [at.payersKey.publicKey, signer().publicKey],
      ['deliveredOn', 'deliveredBy'],
    ];
    for (const [from, to] of alterations) {
      const altered = document.replaceAll(from, to);
      expect([from, altered === document]).toEqual([from, false]);
      expect([from, (await verdictOn(at.payer, altered)).valid]).toEqual([from, false]);
    }
    expect(await verdictOn(at.payer, '{}')).toMatchObject({ valid: false });
  });

  it('is amended by everybody’s signature, and keeps what is earned', async () => {
    const contract = await at.running('amended');
    await at.attest(contract, lessonGiven(contract, 1));
    await at.confirm(contract, 1);
    const proposal = {
      idempotencyKey: 'cheaper',
      contractId: contract.id,
      parameters: [amount('total', '125.00')],
      reason: '降价',
    };
    const proposed = await onContract(at.bursar, 'proposeAmendment', proposal);
    const { amendmentId, documentHash } = proposed.openAmendment!;
    const signature = { idempotencyKey: 'agree', contractId: contract.id, amendmentId, documentHash };
    await onContract(at.bursar, 'signAmendment', signature);
    expect(await onContract(at.payer, 'signAmendment', signature)).toMatchObject({
      openAmendment: null,
      released: { amount: '10.00' },
      refunded: { amount: '115.00' },
    });
    await at.attest(contract, lessonGiven(contract, 2));
    // 10.00 + floor((125.00 − 10.00) / 23)
    expect(await at.confirm(contract, 2)).toMatchObject({ released: { amount: '15.00' } });
  });
});

describe('after a restart', () => {
  it('contracts are what they were, silence goes on, and the books agree', async () => {
    const contract = await at.running('restarted');
    await at.attest(contract, lessonGiven(contract, 1));
    await at.floor.restart();
    await at.signIn();
    const after = await settled(
      () => contractOf(at.payer, contract.id),
      ({ released }) => released.amount === '10.00',
    );
    expect(after).toMatchObject({ status: 'ACTIVE', held: { amount: '230.00' }, openUnits: [] });
    const books = await at.auditor.get('{ custodyCheck { apart breachCount } }');
    expect(books).toEqual({ apart: 0, breachCount: 0 });
  });
});
