import { describe, expect, it } from '@jest/globals';
import {
  approve,
  ask,
  attest,
  confirm,
  COURSE,
  deposit,
  history,
  hour,
  inForce,
  KEYS,
  PARAMS,
  refusal,
  reserve,
  rule,
  stateAfter,
  unit,
  withLesson,
  withRules,
  type Agreed,
} from '#libs/testing/contract-fixture.js';
import type { Template } from '../template/types.js';
import { bookOf, type ContractCommand } from './index.js';

describe('a unit of which two attestors may speak', () => {
  const { params, attestors, rules } = COURSE;
  const { cooling, ...lesson } = rules[0]!;
  const either = [
    { attested: { by: 'terminal', dedupe: '/lessonNo' } },
    { attested: { by: 'office', dedupe: '/lessonNo' } },
  ];
  const office = { keys: '$officeKeys', k: 1, schema: 'office.v1', heldBy: ['school'] };
  const template = (notice: typeof cooling): Template => ({
    ...COURSE,
    params: { ...params, officeKeys: params['keys']! },
    attestors: { ...attestors!, office },
    rules: [
      { ...lesson, when: { any: either }, ...(notice === undefined ? {} : { cooling: notice }) },
      ...rules.slice(1),
    ],
  });
  const agreed = (notice?: typeof cooling): Agreed => ({
    template: template(notice),
    params: { officeKeys: [{ ...KEYS[0]!, keyId: 'o1' }] },
  });
  const byOffice = (at: ReturnType<typeof hour>) =>
    attest('1', at, { schema: 'office.v1', keys: ['o1'], hash: 'of the office' });

  it('is earned once: in notice, when it has been paid, and when a dispute has refunded it', () => {
    const dispute = ask('payer', hour(2), {
      kind: 'dispute',
      disputeId: 'x',
      subject: unit('1'),
      reasonCode: 'NOT_TAUGHT',
    });
    const votes = ['payer', 'school'].map((role) =>
      ask(role, hour(3), { kind: 'vote', disputeId: 'x', outcome: 'refund' }),
    );
    const first = attest('1', hour(1));
    expect(refusal(...inForce(agreed(cooling)), first, byOffice(hour(4)))?.code).toBe('EVIDENCE_CONFLICT');
    expect(refusal(...inForce(agreed()), first, byOffice(hour(4)))?.code).toBe('EVIDENCE_CONFLICT');
    const refunded = [...inForce(agreed(cooling)), first, dispute, ...votes];
    expect(refusal(...refunded, byOffice(hour(4)))?.code).toBe('EVIDENCE_CONFLICT');
  });
});

describe('a rule that an amendment took out and another brings back', () => {
  const gift = rule({ when: { approved: { k: 1, of: ['payer'] } } });
  const [, withdraw] = COURSE.rules;
  const [whole, less] = [withRules([gift, withdraw!]), withRules([withdraw!])];

  const amend = (amendmentId: string, template: Template, at: ReturnType<typeof hour>) => {
    const params = Object.fromEntries(Object.entries(PARAMS).filter(([name]) => template.params[name]));
    const docHash = amendmentId.repeat(64);
    const hashes = { templateHash: 't'.repeat(64), docHash };
    const proposed = { kind: 'proposeAmendment', amendmentId, template, params, reason: 'R', ...hashes };
    return [
      ask('school', at, proposed as Parameters<typeof ask>[2]),
      ...['school', 'payer'].map((role): ContractCommand => {
        const signature = { keyId: `account:${role}`, alg: 'account', docHash, sig: '' } as const;
        return ask(role, at, { kind: 'signAmendment', amendmentId, role, signature });
      }),
    ];
  };

  it('pays again under another id, so that whoever carries the money on does not take it for the first', () => {
    const events = history(
      ...inForce({ template: whole }),
      approve('payer', 'gift', hour(1)),
      ...amend('m', less, hour(2)),
      ...amend('n', whole, hour(3)),
      approve('payer', 'gift', hour(4)),
    );
    const ids = events.flatMap(({ type, data }) => (type === 'FundsReleased' ? [data.releaseId] : []));
    expect(ids).toEqual(['c-1:gift:300', 'c-1:gift:600']);
  });
});

describe('a unit that a dispute has decided for its payee, without money', () => {
  it('is over its notice: the next deposit pays it', () => {
    const template = withLesson({}, { funding: { ...COURSE.funding, mode: 'topup' } });
    const disputed = {
      kind: 'dispute',
      disputeId: 'x',
      subject: unit('2'),
      reasonCode: 'NOT_TAUGHT',
    } as const;
    const vote = (role: string) => ask(role, hour(6), { kind: 'vote', disputeId: 'x', outcome: 'release' });
    const state = stateAfter(
      ...inForce({ template, params: { least: '250' }, amount: 250n }),
      attest('1', hour(1)),
      attest('2', hour(2)),
      confirm('1', hour(3)),
      ask('payer', hour(5), disputed),
      vote('payer'),
      vote('school'),
      reserve(500n, 'p-2', hour(7)),
      deposit(500n, 'p-2', hour(8)),
    );
    expect(bookOf(state, 'lesson')).toMatchObject({ entitled: 500n, paid: 500n });
  });
});

describe('money that has come home from another contract', () => {
  it('is not taken for paid in twice by an amendment', () => {
    const grant = rule({
      id: 'grant',
      when: { approved: { k: 1, of: ['payer'] } },
      amount: { fixed: '400' },
    });
    const template = withRules([grant, COURSE.rules[1]!]);
    const source = { kind: 'contract', contractId: 'c-2' as never, releaseId: 'c-2:rest:400' } as const;
    const home = ask('system', hour(2), { kind: 'deposit', depositId: 'r-1', source, amount: 400n });
    const docHash = 'm'.repeat(64);
    const hashes = { templateHash: 't'.repeat(64), docHash };
    const params = Object.fromEntries(Object.entries(PARAMS).filter(([name]) => template.params[name]));
    const proposed = { kind: 'proposeAmendment', amendmentId: 'm', template, params, reason: 'R', ...hashes };
    const signature = (role: string) =>
      ({ keyId: `account:${role}`, alg: 'account', docHash, sig: '' }) as const;
    const state = stateAfter(
      ...inForce({ template }),
      approve('payer', 'grant', hour(1)),
      home,
      ask('school', hour(3), proposed as Parameters<typeof ask>[2]),
      ...['school', 'payer'].map((role) =>
        ask(role, hour(3), { kind: 'signAmendment', amendmentId: 'm', role, signature: signature(role) }),
      ),
    );
    expect(state).toMatchObject({ funded: 1401n, released: 400n, refunded: 0n });
  });
});
