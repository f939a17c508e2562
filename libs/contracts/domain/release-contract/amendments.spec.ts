import { describe, expect, it } from '@jest/globals';
import {
  approve,
  ask,
  attest,
  confirm,
  COURSE,
  day,
  deposit,
  DOC,
  draft,
  history,
  hour,
  inForce,
  refusal,
  reserve,
  signed,
  stateAfter,
  tick,
  withLesson,
  withRules,
} from '#libs/testing/contract-fixture.js';
import { both, NEW_DOC, propose, sign } from '#libs/testing/contract-amendments.js';
import type { ParameterValues, Template } from '../template/types.js';
import { fundable } from './index.js';

const agreed = (params: ParameterValues, template?: Template) => [propose(params, template), ...both];
const lesson = (no: string, at = hour(1)) => [attest(no, at), confirm(no, at)];
/** Two of four lessons taught: 500 of 1,001 earned and paid. */
const taught = [...inForce(), ...lesson('1'), ...lesson('2')];

describe('an amendment', () => {
  it('takes effect with the last signature: what is earned stays, what comes is reckoned anew, the rest goes back', () => {
    const events = history(...taught, ...agreed({ total: '900', least: '900' }));
    expect(events.slice(-5)).toMatchObject([
      {
        type: 'AmendmentProposed',
        data: { amendmentId: 'm', reason: 'a new price', docHash: NEW_DOC, totals: { held: 501n } },
      },
      { type: 'AmendmentSigned', data: { role: 'school' } },
      { type: 'AmendmentSigned', data: { role: 'payer' } },
      { type: 'ContractAmended', data: { fromHash: DOC, toHash: NEW_DOC, endsAt: day(60), timers: [] } },
      {
        type: 'FundsRefunded',
        data: {
          refundId: 'c-1:@amendment:101',
          reason: 'amendment',
          amount: 101n,
          totals: { held: 400n },
          splits: [{ onTo: 'origin' }],
        },
      },
    ]);
    const after = [...taught, ...agreed({ total: '900', least: '900' })];
    expect(stateAfter(...after, ...lesson('3', hour(12)))).toMatchObject({
      released: 700n,
      docHash: NEW_DOC,
    });
    expect(stateAfter(...after, ...lesson('3', hour(12)), ...lesson('4', hour(12)))).toMatchObject({
      status: 'completed',
      released: 900n,
    });
  });

  it('leaves what is in notice as it is', () => {
    const after = [
      ...inForce(),
      ...lesson('1'),
      attest('2', hour(9)),
      ...agreed({ total: '900', least: '900' }),
    ];
    expect(stateAfter(...after)).toMatchObject({ refunded: 101n, released: 250n });
    expect(stateAfter(...after, tick(day(4)))).toMatchObject({ released: 500n });
  });

  it('gives nothing back that somebody is owed', () => {
    const damage = { ...COURSE.rules[0]!, amount: { evidence: '/due' }, cooling: 'P30D' };
    const template = withRules([damage]);
    const owing = [
      ...inForce({ template }),
      attest('1', hour(1), { payload: { lessonNo: '1', due: '900' } }),
    ];
    const after = stateAfter(...owing, ...agreed({ total: '500', least: '500' }, template));
    expect(after).toMatchObject({ funded: 1001n, refunded: 101n, rules: [{ entitled: 900n, paid: 0n }] });
  });

  it('may ask for more, and is then paid the difference', () => {
    const after = [...taught, ...agreed({ total: '1301', least: '1301' })];
    expect(fundable(stateAfter(...after))).toEqual({ min: 300n, max: 300n });
    expect(refusal(...after, reserve(200n, 'p-2', hour(12)))?.code).toBe('BELOW_MIN_FUNDING');
    const paid = [...after, reserve(300n, 'p-2', hour(12)), deposit(300n, 'p-2', hour(12))];
    expect(fundable(stateAfter(...paid))).toBeNull();
    expect(stateAfter(...paid, ...lesson('3', hour(13)), ...lesson('4', hour(13)))).toMatchObject({
      status: 'completed',
      released: 1301n,
    });
  });

  it('may add units', () => {
    const after = [...taught, ...agreed({ total: '1001', least: '1001', units: '6' })];
    const amounts = history(...after, ...['3', '4', '5', '6'].flatMap((no) => lesson(no, hour(12)))).flatMap(
      (event) => (event.type === 'FundsReleased' ? [event.data.amount] : []),
    );
    expect(amounts).toEqual([250n, 250n, 125n, 125n, 125n, 126n]);
  });

  it('is proposed by who signs, over terms that fit, one at a time', () => {
    expect(refusal(...taught, { ...propose({}), by: { role: 'bureau', partyId: 'o-bureau' } })?.code).toBe(
      'NOT_AUTHORISED',
    );
    expect(refusal(...taught, propose({ total: 'much' }))?.code).toBe('INVALID_PARAMETERS');
    const open = [...taught, propose({ total: '900', least: '900' })];
    expect(history(...open, propose({ total: '900', least: '900' }))).toEqual(history(...open));
    expect(refusal(...open, propose({}, COURSE, { amendmentId: 'n' }))?.code).toBe('AMENDMENT_OPEN');
    expect(refusal(draft(), propose({}))?.code).toBe('CONTRACT_NOT_SIGNED');
    expect(refusal(...taught, approve('payer', 'withdraw', hour(9)), propose({}))?.code).toBe(
      'CONTRACT_CLOSED',
    );
    expect(
      refusal(...taught, attest('3', hour(9)), approve('payer', 'withdraw', hour(9)), propose({}))?.code,
    ).toBe('CONTRACT_CLOSING');
  });

  it('is signed by each signer over the new document', () => {
    const open = [...taught, propose({ total: '900', least: '900' })];
    expect(refusal(...taught, sign('payer'))?.code).toBe('AMENDMENT_NOT_FOUND');
    expect(refusal(...open, sign('payer', DOC))?.code).toBe('WRONG_DOCUMENT');
    expect(refusal(...open, sign('bureau'))?.code).toBe('NOT_AUTHORISED');
    expect(refusal(...open, { ...sign('payer'), by: { role: 'payer', partyId: 'a-other' } })?.code).toBe(
      'NOT_AUTHORISED',
    );
    const once = [...open, sign('payer')];
    expect(history(...once, sign('payer'))).toEqual(history(...once));
  });

  it('is withdrawn by a signer, and its id is used up', () => {
    const open = [...taught, propose({ total: '900', least: '900' }), sign('school')];
    const withdraw = (role: string) => ask(role, hour(12), { kind: 'withdrawAmendment', amendmentId: 'm' });
    expect(refusal(...open, withdraw('bureau'))?.code).toBe('NOT_AUTHORISED');
    expect(refusal(...taught, withdraw('payer'))?.code).toBe('AMENDMENT_NOT_FOUND');
    const gone = [...open, withdraw('payer')];
    expect(stateAfter(...gone).amendment).toBeNull();
    expect(refusal(...gone, { ...propose({}), at: hour(13) })?.code).toBe('IDEMPOTENCY_CONFLICT');
  });

  it('changes a contract that waits for its money', () => {
    const waiting = [...signed(), ...agreed({ total: '800', least: '800', endsAt: day(90) })];
    expect(fundable(stateAfter(...waiting))).toEqual({ min: 800n, max: 800n });
    expect(
      stateAfter(...waiting, reserve(800n, 'p-1', hour(12)), deposit(800n, 'p-1', hour(12))),
    ).toMatchObject({
      status: 'active',
      endsAt: day(90),
    });
    expect(refusal(...signed(), reserve(1001n), propose({ total: '800', least: '800' }))?.code).toBe(
      'AMENDMENT_NOT_POSSIBLE',
    );
  });

  it('brings a contract into force that has enough by the new terms', () => {
    const template: Template = { ...COURSE, funding: { ...COURSE.funding, mode: 'topup' } };
    const waiting = [...signed({ template }), reserve(400n), deposit(400n)];
    expect(stateAfter(...waiting, ...agreed({ least: '300' }, template)).status).toBe('active');
  });
});

describe('an amendment that is not possible', () => {
  it.each<readonly [string, ParameterValues, Template]>([
    ['a total below what is earned', { total: '499', least: '499' }, COURSE],
    ['fewer units than are earned', { units: '1' }, COURSE],
    ['another asset', {}, { ...COURSE, asset: 'USD/2' }],
    ['another way of funding', {}, { ...COURSE, funding: { ...COURSE.funding, mode: 'topup' } }],
    [
      'a role that nobody fills',
      {},
      { ...COURSE, roles: { ...COURSE.roles, auditor: { title: COURSE.title } } },
    ],
    ['an end that has passed', { endsAt: hour(9) }, COURSE],
    ['another way of reckoning', {}, withLesson({ amount: { fixed: '900' } })],
    ['a cap below what is earned', {}, withLesson({ cap: '499' })],
  ])('by %s', (_, params, template) => {
    // An end before the last moment to pay would be no terms at all.
    const early = { ...template, funding: { ...template.funding, by: hour(8) } };
    expect(refusal(...taught, propose(params, early))?.code).toBe('AMENDMENT_NOT_POSSIBLE');
  });

  it('because units of a rule are still open', () => {
    const open = [...taught, attest('3', hour(9))];
    expect(refusal(...open, propose({}, withLesson({ to: 'bureau' })))).toMatchObject({
      code: 'AMENDMENT_NOT_POSSIBLE',
      details: { rule: 'lesson' },
    });
    const without = withRules([COURSE.rules[1]!], { attestors: {} });
    expect(refusal(...open, propose({}, without))?.code).toBe('AMENDMENT_NOT_POSSIBLE');
    expect(refusal(...taught, propose({}, without))).toBeUndefined();
    const elsewhere = withLesson({ when: { attested: { by: 'terminal', dedupe: '/no' } } });
    expect(refusal(...open, propose({}, elsewhere))?.code).toBe('AMENDMENT_NOT_POSSIBLE');
  });

  it('any more, when it comes to the last signature', () => {
    const open = [...taught, propose({ units: '2' }), sign('school')];
    const late = [...open, attest('3', hour(11)), sign('payer')];
    expect(refusal(...late)?.code).toBe('AMENDMENT_NOT_POSSIBLE');
    expect(stateAfter(...late.slice(0, -1)).amendment).toMatchObject({ signed: ['school'] });
  });

  it('while a dispute is open', () => {
    const about = (subject: { ruleId: string; dedupeKey: string } | null) => [
      ...taught,
      attest('3', hour(9)),
      ask('payer', hour(9), { kind: 'dispute', disputeId: 'x', subject, reasonCode: 'late' }),
    ];
    expect(refusal(...about(null), propose({}))?.code).toBe('CONTRACT_FROZEN');
    expect(refusal(...about({ ruleId: 'lesson', dedupeKey: '3' }), propose({}))?.code).toBe('DISPUTE_OPEN');
  });
});
