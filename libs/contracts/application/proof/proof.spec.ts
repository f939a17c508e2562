import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import { MOST_PROOF_BYTES, type ProofCheckName, type ReleaseProof } from '../../contract/proof.js';
import {
  altered,
  forged,
  leavesOf,
  playedContract,
  type PlayedContract,
  proofSchemas,
  redigested,
} from '#libs/testing/release-proofs.js';
import { buildReleaseProof } from './build-proof.js';

let played: PlayedContract;
/** Of a lesson that was confirmed. */
let confirmed: ReleaseProof;
/** Of a lesson that the clock paid for after disputes, silence and a withdrawal. */
let last: ReleaseProof;
beforeAll(async () => {
  played = await playedContract();
  confirmed = await played.proofOf(played.payouts[0]!);
  last = await played.proofOf(played.payouts.at(-1)!);
});
afterAll(async () => {
  await played[Symbol.asyncDispose]();
});

async function faultsOf(proof: ReleaseProof): Promise<readonly ProofCheckName[]> {
  const { valid, checks } = await played.verify(proof);
  const faults = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  expect(valid).toBe(faults.length === 0);
  return faults;
}

describe('a release proof', () => {
  it('holds for everything that was paid out', async () => {
    expect(played.payouts).toHaveLength(6);
    for (const id of played.payouts) expect(await faultsOf(await played.proofOf(id))).toEqual([]);
  });

  it('says what let the money go', () => {
    const { payout, evidence, approvals, signatures, events } = confirmed;
    expect(payout).toMatchObject({ kind: 'release', ruleId: 'lesson', dedupeKeys: ['1'], amount: '10000' });
    expect(evidence.map(({ statement, k }) => [statement.payload['lessonNo'], k])).toEqual([['1', 1]]);
    expect(approvals.map(({ type, role }) => [type, role])).toEqual([['AccrualConfirmed', 'payer']]);
    expect(signatures.map(({ role }) => role).toSorted()).toEqual(['payer', 'school']);
    expect(events.at(-1)).toMatchObject({ type: 'FundsReleased.v1', revision: confirmed.revision });
  });

  it('names the votes that ended a dispute', async () => {
    const proofs = await Promise.all(played.payouts.map((id) => played.proofOf(id)));
    const acts = proofs.map(({ approvals }) => approvals.map(({ type, role }) => `${type} ${role}`));
    expect(acts).toContainEqual(['VoteRecorded school', 'VoteRecorded bureau']);
    expect(acts).toContainEqual(['ApprovalRecorded payer', 'EntitlementAccrued payer']);
  });

  it('is there for what was paid, and for no more', async () => {
    const { log } = played.platform;
    const schemas = proofSchemas();
    const refused = { accepted: false, rejection: { code: 'RELEASE_NOT_FOUND' } };
    for (const id of ['nothing', played.contractId, `${played.contractId}:lesson:10001`]) {
      expect(await buildReleaseProof({ log, schemas }, played.contractId, id)).toMatchObject(refused);
    }
  });
});

describe('an altered proof', () => {
  it('is caught whatever single value was altered', async () => {
    for (const path of leavesOf(confirmed)) {
      const { valid } = await played.verify(altered(confirmed, path) as ReleaseProof);
      expect([path.join('/'), valid]).toEqual([path.join('/'), false]);
    }
  });

  it('is caught without the digest too, but for the position, which no chain covers', async () => {
    const unnoticed: string[] = [];
    for (const path of leavesOf(confirmed)) {
      if (path[0] === 'digest') continue;
      const { valid } = await played.verify(redigested(altered(confirmed, path) as ReleaseProof));
      if (valid) unnoticed.push(path.join('/'));
    }
    expect(unnoticed).toEqual(['payout/position']);
  });

  it('is caught wherever a character was exchanged', async () => {
    const text = JSON.stringify(last);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), async (at, code) => {
        const other = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        // Some characters have two writings, `\u0022` for one.
        fc.pre(meaningOf(other) !== meaningOf(text));
        expect([at, code, (await played.verifyText(other)).valid]).toEqual([at, code, false]);
      }),
      { numRuns: 50, seed: 11 },
    );
  });

  it.each<[string, (proof: ReleaseProof) => Partial<ReleaseProof>, ProofCheckName]>([
    ['the first event left out', ({ events }) => ({ events: events.slice(1) }), 'chain'],
    ['an event left out', ({ events }) => ({ events: events.toSpliced(4, 1) }), 'chain'],
    ['an event twice', ({ events }) => ({ events: events.toSpliced(4, 0, events[4]!) }), 'chain'],
    [
      'two events exchanged',
      ({ events }) => ({ events: [...events.slice(0, 4), events[5]!, events[4]!, ...events.slice(6)] }),
      'chain',
    ],
    ['cut off before the payout', ({ events }) => ({ events: events.slice(0, -1) }), 'payout'],
    ['the evidence left out', () => ({ evidence: [] }), 'summary'],
    ['the act left out', () => ({ approvals: [] }), 'summary'],
    ['a signature left out', ({ signatures }) => ({ signatures: signatures.slice(1) }), 'summary'],
    ['a signature twice', ({ signatures }) => ({ signatures: [...signatures, signatures[0]!] }), 'summary'],
    [
      'another contract',
      () => ({ contractId: '0198c0de-0000-7000-8000-000000000009' as ReleaseProof['contractId'] }),
      'chain',
    ],
  ])('is caught: %s', async (_, change, by) => {
    expect(await faultsOf(redigested({ ...confirmed, ...change(confirmed) }))).toContain(by);
  });
});

/**
 * Who rewrites a whole log makes every hash anew. What stands against that are the terms, the keys that signed, and the figures:
 * only names that move no money can be changed so, and the head hash no longer is the log's.
 */
describe('a proof whose whole chain was made anew', () => {
  const HARMLESS = [
    'ContractDrafted.v1 by/partyId',
    'ContractDrafted.v1 by/role',
    'ContractDrafted.v1 inputHash',
    'ContractDrafted.v1 region',
    'ContractDrafted.v1 subject',
    'ContractSigned.v1 signature/keyId',
    'EvidenceAccepted.v1 by/partyId',
    'EvidenceAccepted.v1 by/role',
    'EvidenceAccepted.v1 evidenceId',
    'FundingReserved.v1 by/partyId',
    'FundingReserved.v1 by/role',
    'FundsDeposited.v1 depositId',
  ];

  it('is caught whatever single value of an event says something about money, terms or evidence', async () => {
    const unnoticed = new Set<string>();
    for (const { revision, type, data } of confirmed.events) {
      for (const path of leavesOf(JSON.parse(data))) {
        const other = JSON.stringify(altered(JSON.parse(data), path));
        const { valid, headHash } = await played.verify(forged(confirmed, revision, other));
        expect(headHash).not.toBe(confirmed.headHash);
        if (valid) unnoticed.add(`${type} ${path.join('/')}`);
      }
    }
    expect([...unnoticed].toSorted()).toEqual(HARMLESS);
  });

  it.each<[string, string, (data: Data) => Data, readonly ProofCheckName[]]>([
    [
      'evidence that the terminal did not sign',
      'EvidenceAccepted.v1',
      (data) => ({ ...data, signatures: signedOtherwise(data) }),
      ['evidence'],
    ],
    [
      'other terms',
      'ContractDrafted.v1',
      (data) => ({ ...data, templateHash: 'a'.repeat(64) }),
      ['template', 'terms'],
    ],
    [
      'another payee',
      'ContractDrafted.v1',
      (data) => ({ ...data, parties: payTo(data, 'org:other:payable') }),
      ['terms', 'entitlement'],
    ],
    [
      'a notice of an hour',
      'EvidenceAccepted.v1',
      (data) => ({ ...data, ...dueAfter(data, 3_600_000) }),
      ['entitlement'],
    ],
  ])('is caught: %s', async (_, type, change, by) => {
    const event = confirmed.events.find((one) => one.type === type)!;
    const data = JSON.stringify(change(JSON.parse(event.data) as Data));
    expect(await faultsOf(forged(confirmed, event.revision, data))).toEqual(expect.arrayContaining([...by]));
  });
});

describe('a hostile document', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  it.each<[string, () => string]>([
    ['nothing', () => ''],
    ['no JSON', () => '{'],
    ['null', () => 'null'],
    ['a list', () => '[]'],
    ['something else', () => '{"format":"sluice.release-proof.v1"}'],
    ['100,000 levels', () => deep],
    ['100,000 levels within an event', () => withEvent({ data: deep })],
    ['more than 4 MiB', () => `"${'x'.repeat(MOST_PROOF_BYTES)}"`],
    ['a name twice', () => JSON.stringify(confirmed).replace('"format":', '"format":"other","format":')],
    ['a prototype', () => JSON.stringify(confirmed).replace('"format":', '"__proto__":{},"format":')],
    ['half a character', () => JSON.stringify(confirmed).replace('"lesson"', '"\\ud800"')],
    ['no events', () => JSON.stringify({ ...confirmed, events: [] })],
    ['an event that is no JSON', () => withEvent({ data: '{' })],
    ['an event that is null', () => withEvent({ data: 'null' })],
    ['metadata that is null', () => withEvent({ metadata: 'null' })],
    ['an unknown type', () => withEvent({ type: 'MoneyPrinted.v1' })],
    ['a type of Object', () => withEvent({ type: 'constructor.v1' })],
    ['an event in other words', () => withEvent({ data: `${confirmed.events[0]!.data} ` })],
  ])('is judged, not thrown at: %s', async (_, text) => {
    const verdict = await played.verifyText(text());
    expect(verdict.valid).toBe(false);
    for (const { detail } of verdict.checks) expect(detail.length).toBeLessThanOrEqual(300);
  });

  function withEvent(part: object): string {
    const [first, ...rest] = confirmed.events;
    return JSON.stringify(redigested({ ...confirmed, events: [{ ...first!, ...part }, ...rest] }));
  }
});

type Data = Readonly<Record<string, unknown>>;

function payTo(data: Data, account: string): unknown {
  const parties = data['parties'] as readonly Data[];
  return parties.map((party) => (party['role'] === 'school' ? { ...party, payTo: account } : party));
}

function dueAfter(data: Data, noticeMs: number): Data {
  const payableAt = addMs(data['at'] as Instant, noticeMs);
  return { payableAt, nextDueAt: payableAt };
}

function signedOtherwise(data: Data): unknown {
  const signatures = data['signatures'] as readonly Data[];
  return signatures.map((signature) => ({ ...signature, sig: 'A'.repeat(86) }));
}

function meaningOf(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}
