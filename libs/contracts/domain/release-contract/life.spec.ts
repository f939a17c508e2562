import { describe, expect, it } from '@jest/globals';
import { addMs } from '#libs/kernel/time/index.js';
import {
  attest,
  CLOCK,
  confirm,
  CONTRACT,
  COURSE,
  day,
  deposit,
  DOC,
  draft,
  expected,
  history,
  hour,
  inForce,
  paid,
  PARAMS,
  PARTIES,
  release,
  reserve,
  sign,
  signed,
  START,
  tick,
} from '#libs/testing/contract-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { contractDecider, type ContractEvent } from './index.js';

const payer = { role: 'payer', partyId: 'a-payer' };
const school = { role: 'school', partyId: 'o-school' };
const process = { role: 'system', partyId: 'system:process' };
const fundBy = '2026-09-11T00:00:00.000Z' as const;
const nothing = { funded: 0n };
const toSchool = (amount: bigint) => paid(amount, 'school', 'org:o-school:payable');

describe('from the draft to the money', () => {
  it('is drafted with everything that it will ever need, once', () => {
    const drafted = expected(0, [
      'ContractDrafted',
      { at: START, by: school, totals: nothing, status: 'drafted', next: fundBy as never },
      {
        tenant: 't-1',
        organisationId: 'o-school',
        inputHash: 'i'.repeat(64),
        subject: 'courseOrder-1',
        region: 'CN',
        template: COURSE,
        templateHash: 't'.repeat(64),
        params: PARAMS,
        parties: PARTIES,
        docHash: DOC,
        fundBy,
        endsAt: day(60),
      },
    ]);
    spec(contractDecider).given([]).when(draft()).then(drafted);
    spec(contractDecider).given(drafted).when(draft()).then([]);
    spec(contractDecider)
      .given(drafted)
      .when({ ...draft(), inputHash: 'other' } as never)
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('is signed by each role that signs, over this very document, and then waits for money', () => {
    const signature = (role: string) => ({ keyId: `account:${role}`, alg: 'account', docHash: DOC, sig: '' });
    const first = expected(1, [
      'ContractSigned',
      { at: START, by: payer, totals: nothing, status: 'drafted', next: fundBy as never },
      { role: 'payer', signature: signature('payer'), complete: false },
    ]);
    const second = expected(2, [
      'ContractSigned',
      { at: START, by: school, totals: nothing, status: 'awaitingFunding', next: fundBy as never },
      { role: 'school', signature: signature('school'), complete: true },
    ]);
    spec(contractDecider).given(history(draft())).when(sign('payer')).then(first);
    spec(contractDecider)
      .given([...history(draft()), ...first])
      .when(sign('school'))
      .then(second);
    spec(contractDecider)
      .given([...history(draft()), ...first])
      .when(sign('payer'))
      .then([]);
  });

  it('reserves, takes the money into custody, and comes into force', () => {
    const reserved = expected(3, [
      'FundingReserved',
      { at: START, by: process, totals: nothing, status: 'awaitingFunding', next: null },
      { paymentId: 'p-1', amount: 1001n },
    ]);
    spec(contractDecider)
      .given(history(...signed()))
      .when(reserve(1001n))
      .then(reserved);
    const postings = [
      {
        source: 'clearing:funding',
        destination: `custody:${CONTRACT}`,
        amount: { asset: 'CNY/2', amount: 1001n },
      },
    ];
    spec(contractDecider)
      .given([...history(...signed()), ...reserved])
      .when(deposit(1001n))
      .then(
        expected(
          4,
          [
            'FundsDeposited',
            { at: START, by: process, totals: {}, status: 'awaitingFunding', next: fundBy as never },
            { depositId: 'd-p-1', source: { kind: 'payment', paymentId: 'p-1' }, amount: 1001n, postings },
          ],
          [
            'ContractActivated',
            { at: START, by: process, totals: {}, next: day(60) },
            { endsAt: day(60), timers: [] },
          ],
        ),
      );
  });

  it('answers repeats of funding steps with nothing, and never reserves for a payment that has ended', () => {
    const funded = history(...inForce());
    for (const repeat of [reserve(1001n), deposit(1001n), release()]) {
      spec(contractDecider).given(funded).when(repeat).then([]);
    }
    spec(contractDecider).given(funded).when(deposit(5n)).thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    const ended = history(...signed(), release('p-9'));
    spec(contractDecider).given(ended).when(release('p-9')).then([]);
    spec(contractDecider).given(ended).when(reserve(1001n, 'p-9')).thenRejected({ code: 'PAYMENT_ENDED' });
    spec(contractDecider).given(ended).when(deposit(1001n, 'p-9')).thenRejected({ code: 'PAYMENT_ENDED' });
  });
});

describe('a lesson', () => {
  const attested = (at = hour(1)): readonly ContractEvent[] =>
    expected(6, [
      'EvidenceAccepted',
      { at, by: school, totals: {}, next: addMs(at, 3 * 86_400_000) },
      {
        evidenceId: 'e-1',
        attestor: 'terminal',
        statement: {
          contractId: CONTRACT,
          rule: 'lesson',
          schema: 'lesson.v1',
          dedupeKey: '1',
          payload: { lessonNo: '1' },
          observedAt: at,
        },
        statementHash: 'hash of 1',
        signatures: [{ keyId: 'k1', alg: 'Ed25519', sig: 'c2ln' }],
        entitlementBefore: 0n,
        entitlementAfter: 250n,
        payableAt: addMs(at, 3 * 86_400_000),
      },
    ]);
  const released = {
    releaseId: `${CONTRACT}:lesson:250`,
    ruleId: 'lesson',
    dedupeKeys: ['1'],
    cumulative: 250n,
  };

  it('is attested and cools', () => {
    spec(contractDecider)
      .given(history(...inForce()))
      .when(attest('1', hour(1)))
      .then(attested());
  });

  it('is released at once when the payer confirms it', () => {
    const totals = { released: 250n };
    spec(contractDecider)
      .given(history(...inForce(), attest('1', hour(1))))
      .when(confirm('1', hour(2)))
      .then(
        expected(
          7,
          [
            'AccrualConfirmed',
            { at: hour(2), by: payer, totals: {}, next: day(60) },
            { ruleId: 'lesson', dedupeKey: '1' },
          ],
          [
            'FundsReleased',
            { at: hour(2), by: payer, totals, next: day(60) },
            { ...released, ...toSchool(250n) },
          ],
        ),
      );
  });

  it('is released by silence, in the clock’s name, whenever the clock comes round', () => {
    const late = day(4);
    spec(contractDecider)
      .given(history(...inForce(), attest('1', hour(1))))
      .when(tick(late))
      .then(
        expected(
          7,
          [
            'TimerFired',
            { at: late, by: CLOCK, totals: {}, next: day(60) },
            { timerId: 'payable:lesson:1', dueAt: hour(73) },
          ],
          [
            'FundsReleased',
            { at: late, by: CLOCK, totals: { released: 250n }, next: day(60) },
            { ...released, ...toSchool(250n) },
          ],
        ),
      );
    spec(contractDecider)
      .given(history(...inForce(), attest('1', hour(1)), tick(late)))
      .when(tick(late))
      .then([]);
  });

  it('by floors that never drift: the last lesson gets what is left', () => {
    const all = ['1', '2', '3', '4'].flatMap((lesson) => [attest(lesson, hour(1)), confirm(lesson, hour(1))]);
    const amounts = history(...inForce(), ...all).flatMap((event) =>
      event.type === 'FundsReleased' ? [[event.data.amount, event.data.cumulative]] : [],
    );
    expect(amounts).toEqual([
      [250n, 250n],
      [250n, 500n],
      [250n, 750n],
      [251n, 1001n],
    ]);
  });
});
