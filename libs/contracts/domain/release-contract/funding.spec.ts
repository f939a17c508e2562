import { describe, expect, it } from '@jest/globals';
import {
  approve,
  ask,
  attest,
  confirm,
  COURSE,
  day,
  deposit,
  draft,
  history,
  hour,
  inForce,
  PARTIES,
  refusal,
  release,
  reserve,
  rule,
  sign,
  signed,
  START,
  stateAfter,
  tick,
  withRules,
} from '#libs/testing/contract-fixture.js';
import type { Template } from '../template/types.js';
import { fundable, type ContractEvent } from './index.js';

const told = (events: readonly ContractEvent[], from: number) =>
  events.slice(from).map(({ type, data }) => [type, data.status, data.totals.held]);

const meter = withRules(
  [
    rule({
      id: 'usage',
      when: { attested: { by: 'terminal', dedupe: '/no' } },
      amount: { evidence: '/due' },
    }),
    rule({
      id: 'closeAccount',
      do: 'refund',
      when: { approved: { k: 1, of: ['payer'] } },
      amount: { remaining: true },
      to: 'payer',
      final: true,
    }),
  ],
  { funding: { from: 'payer', min: '$least', max: '$total', by: '2026-09-11T00:00:00Z', mode: 'topup' } },
);
const topUp = { template: meter, params: { least: '300' } };
const due = (no: string, amount: string, at = hour(1)) =>
  attest(no, at, { rule: 'usage', payload: { no, due: amount } });
const paidIn = (amount: bigint, payment: string, at = START) => [
  reserve(amount, payment, at),
  deposit(amount, payment, at),
];

describe('a contract that is funded once', () => {
  const range = { params: { least: '500' } };

  it('takes one payment between the least and the most, and promises it room', () => {
    expect(fundable(stateAfter(...signed(range)))).toEqual({ min: 500n, max: 1001n });
    expect(refusal(...signed(range), reserve(499n))).toMatchObject({
      code: 'BELOW_MIN_FUNDING',
      details: { min: '500' },
    });
    expect(refusal(...signed(range), reserve(1002n))).toMatchObject({
      code: 'EXCEEDS_MAX_FUNDING',
      details: { max: '1001' },
    });
    const reserved = [...signed(range), reserve(500n)];
    expect(refusal(...reserved, reserve(500n, 'p-2'))?.code).toBe('EXCEEDS_MAX_FUNDING');
    expect(refusal(...reserved, reserve(501n))?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(refusal(...reserved, deposit(501n))?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(stateAfter(...reserved, release(), reserve(600n, 'p-2')).reserved).toEqual([
      { paymentId: 'p-2', amount: 600n },
    ]);
    const funded = [...reserved, deposit(500n)];
    expect(fundable(stateAfter(...funded))).toBeNull();
    expect(refusal(...funded, reserve(500n, 'p-2'))?.code).toBe('FUNDING_CLOSED');
  });

  it('takes none before everybody has signed', () => {
    expect(refusal(draft(), sign('payer'), reserve(1001n))?.code).toBe('CONTRACT_NOT_SIGNED');
    expect(refusal(draft(), deposit(1001n))?.code).toBe('CONTRACT_NOT_SIGNED');
    expect(refusal(reserve(1001n))?.code).toBe('CONTRACT_NOT_FOUND');
  });

  it('takes what another contract has released to it, if it fits', () => {
    const source = { kind: 'contract', contractId: 'c-0' as never, releaseId: 'c-0:award:1001' } as const;
    const from = (amount: bigint) =>
      ask('system', START, { kind: 'deposit', depositId: 'd-c', source, amount });
    expect(stateAfter(...signed(), from(1001n)).status).toBe('active');
    expect(refusal(...signed(), from(1000n))?.code).toBe('BELOW_MIN_FUNDING');
    const inGrams = { kind: 'deposit', depositId: 'd-c', source, amount: 1001n, asset: 'XAU/2' } as const;
    expect(refusal(...signed(), ask('system', START, inGrams))?.code).toBe('EXCEEDS_MAX_FUNDING');
    expect(refusal(...signed(), reserve(1001n), from(1001n))?.code).toBe('EXCEEDS_MAX_FUNDING');
    expect(history(...signed(), from(1001n), from(1001n))).toHaveLength(5);
  });

  it('takes it back, in force or in dispute, when what it has paid to another contract comes home', () => {
    const grant = rule({
      id: 'grant',
      when: { approved: { k: 1, of: ['payer'] } },
      amount: { fixed: '400' },
    });
    const template = withRules([grant, COURSE.rules[1]!]);
    const source = { kind: 'contract', contractId: 'c-2' as never, releaseId: 'c-2:rest:400' } as const;
    const home = (amount: bigint) =>
      ask('system', hour(3), { kind: 'deposit', depositId: 'return-1', source, amount });
    const granted = [...inForce({ template }), approve('payer', 'grant', hour(1))];
    const whole = { kind: 'dispute', disputeId: 'x', subject: null, reasonCode: 'OTHER' } as const;
    expect(stateAfter(...granted, home(400n))).toMatchObject({
      status: 'active',
      funded: 1401n,
      released: 400n,
    });
    const disputed = stateAfter(...granted, ask('payer', hour(2), whole), home(400n));
    expect(disputed).toMatchObject({ status: 'frozen', funded: 1401n, released: 400n });
    expect(fundable(stateAfter(...granted, home(400n)))).toBeNull();
    expect(refusal(...granted, home(401n))).toMatchObject({
      code: 'EXCEEDS_MAX_FUNDING',
      details: { max: '400' },
    });
  });
});

describe('who drafts and signs', () => {
  const [payer, school, bureau] = PARTIES as [(typeof PARTIES)[0], (typeof PARTIES)[0], (typeof PARTIES)[0]];

  it.each<readonly [string, Parameters<typeof draft>[0]]>([
    ['a role without anybody', { parties: [payer, school] }],
    ['two parties in one role', { parties: [payer, school, bureau, bureau] }],
    ['a role that the contract does not have', { parties: [...PARTIES, { ...bureau, role: 'shop' }] }],
    ['an account that is nobody’s', { parties: [payer, bureau, { ...school, payTo: 'world:bank' }] }],
    ['its own custody as payee', { parties: [payer, bureau, { ...school, payTo: 'contract:c-1' }] }],
    [
      'an open role as payee',
      {
        template: {
          ...COURSE,
          roles: { ...COURSE.roles, shop: { title: COURSE.title, optional: true } },
          rules: [rule({ to: 'shop' })],
        },
      },
    ],
    ['a parameter that is no amount', { params: { total: '10.01' } }],
    [
      'money due before it is drafted',
      {
        template: { ...COURSE, funding: { ...COURSE.funding, by: START } },
      },
    ],
  ])('refuses %s', (_, agreed) => {
    expect(refusal(draft(agreed))?.code).toBe('INVALID_PARAMETERS');
  });

  it('lets nobody sign for others, nor over another document', () => {
    expect(refusal(draft(), sign('payer', 'e'.repeat(64)))?.code).toBe('WRONG_DOCUMENT');
    expect(refusal(draft(), sign('bureau'))?.code).toBe('NOT_AUTHORISED');
    for (const by of ['payer/a-other', 'school']) {
      const signature = { keyId: 'k', alg: 'account', docHash: 'd'.repeat(64), sig: '' } as const;
      expect(refusal(draft(), ask(by, START, { kind: 'sign', role: 'payer', signature }))?.code).toBe(
        'NOT_AUTHORISED',
      );
    }
    const withdraw = ask('bureau', START, { kind: 'withdrawDraft', reason: 'no' });
    expect(refusal(draft(), withdraw)?.code).toBe('NOT_AUTHORISED');
  });
});

describe('a contract that is topped up', () => {
  it('comes into force with its least amount, however many payments bring it', () => {
    const commands = [...signed(topUp), ...paidIn(200n, 'p-1')];
    expect(stateAfter(...commands)).toMatchObject({ status: 'awaitingFunding', funded: 200n });
    expect(stateAfter(...commands, ...paidIn(100n, 'p-2')).status).toBe('active');
    expect(fundable(stateAfter(...commands))).toEqual({ min: 1n, max: 801n });
    expect(refusal(...commands, ask('payer', START, { kind: 'withdrawDraft', reason: 'no' }))?.code).toBe(
      'FUNDING_CLOSED',
    );
  });

  it('gives back what came in too little by the day', () => {
    const commands = [...signed(topUp), ...paidIn(200n, 'p-1'), tick(day(10))];
    expect(told(history(...commands), 5)).toEqual([
      ['TimerFired', 'awaitingFunding', 200n],
      ['FundsRefunded', 'awaitingFunding', 0n],
      ['ContractClosed', 'cancelled', 0n],
    ]);
  });

  it('never holds more than its most, reservations counted', () => {
    const given = [...signed(topUp), ...paidIn(1001n, 'p-1')];
    expect(refusal(...given, reserve(1n, 'p-2'))?.code).toBe('EXCEEDS_MAX_FUNDING');
    const used = [...given, due('1', '300'), reserve(200n, 'p-2', hour(2))];
    expect(fundable(stateAfter(...used))).toEqual({ min: 1n, max: 100n });
    expect(refusal(...used, reserve(101n, 'p-3', hour(2)))?.code).toBe('EXCEEDS_MAX_FUNDING');
    expect(refusal(...used, reserve(0n, 'p-3', hour(2)))?.code).toBe('BELOW_MIN_FUNDING');
  });

  it('pays what it owes out of the next deposit, first what was payable first', () => {
    const owing = [
      ...signed(topUp),
      ...paidIn(300n, 'p-1'),
      due('1', '250'),
      due('2', '200', hour(2)),
      due('3', '70', hour(3)),
    ];
    expect(stateAfter(...owing)).toMatchObject({ released: 300n, status: 'active' });
    const events = history(...owing, ...paidIn(200n, 'p-2', hour(4)));
    expect(events.at(-1)).toMatchObject({
      type: 'FundsReleased',
      data: { dedupeKeys: ['2', '3'], amount: 200n, cumulative: 500n, totals: { held: 0n } },
    });
    const more = history(...owing, ...paidIn(200n, 'p-2', hour(4)), ...paidIn(100n, 'p-3', hour(5)));
    expect(more.at(-1)).toMatchObject({ data: { dedupeKeys: ['3'], amount: 20n, totals: { held: 80n } } });
    // Being empty is no end for it.
    expect(stateAfter(...owing, due('4', '1', hour(6))).status).toBe('active');
  });

  it('closes with a payment under way: that pays what is owed, and what is still short is waived', () => {
    const closing = [
      ...signed(topUp),
      ...paidIn(300n, 'p-1'),
      due('1', '400'),
      reserve(50n, 'p-2', hour(2)),
      approve('payer', 'closeAccount', hour(3)),
    ];
    const events = history(...closing, deposit(50n, 'p-2', hour(4)));
    expect(told(events, 9)).toEqual([
      ['ApprovalRecorded', 'active', 0n],
      ['EntitlementAccrued', 'active', 0n],
      ['ContractClosing', 'closing', 0n],
      ['FundsDeposited', 'closing', 50n],
      ['FundsReleased', 'closing', 0n],
      ['EntitlementWaived', 'closing', 0n],
      ['ContractClosed', 'completed', 0n],
    ]);
    expect(refusal(...closing, reserve(5n, 'p-3', hour(4)))?.code).toBe('FUNDING_CLOSED');
    for (const command of [due('9', '5', hour(4)), approve('payer', 'closeAccount', hour(4))]) {
      expect(refusal(...closing, command)?.code).toBe('CONTRACT_CLOSING');
    }
    expect(stateAfter(...closing, release('p-2', hour(4))).status).toBe('completed');
  });

  it('gives back of a late payment what nobody is owed, and no more', () => {
    const slow: Template = { ...meter, rules: [{ ...meter.rules[0]!, cooling: 'P1D' }, meter.rules[1]!] };
    const closing = [
      ...signed({ ...topUp, template: slow }),
      ...paidIn(300n, 'p-1'),
      due('1', '400'),
      reserve(50n, 'p-2', hour(2)),
      approve('payer', 'closeAccount', hour(3)),
      deposit(50n, 'p-2', hour(4)),
    ];
    expect(stateAfter(...closing)).toMatchObject({ status: 'closing', refunded: 0n, released: 0n });
    expect(stateAfter(...closing, tick(day(2)))).toMatchObject({
      status: 'completed',
      released: 350n,
      refunded: 0n,
      rules: [{ entitled: 400n, paid: 350n, waived: 50n }, {}],
    });
  });
});

describe('winding up by an authority', () => {
  const wind = (at = hour(2), role = 'system') =>
    ask(role, at, { kind: 'closeByAuthority', overrideId: 'o-1', reason: 'closed' });

  it('gives back what nobody is owed and lets notice run out', () => {
    const events = history(...inForce(), attest('1', hour(1)), wind());
    expect(told(events, 7)).toEqual([
      ['FundsRefunded', 'active', 250n],
      ['ContractClosing', 'closing', 250n],
    ]);
    expect(events[7]).toMatchObject({
      data: { reason: 'authority', ruleId: null, refundId: 'c-1:@authority:751' },
    });
    expect(
      stateAfter(...inForce(), attest('1', hour(1)), wind(), wind(hour(3)), confirm('1', hour(4))).status,
    ).toBe('refunded');
    expect(stateAfter(...inForce(), wind()).status).toBe('refunded');
  });

  it('cancels what is not in force yet', () => {
    expect(stateAfter(draft(), wind()).status).toBe('cancelled');
    expect(stateAfter(...signed(topUp), ...paidIn(200n, 'p-1'), wind())).toMatchObject({
      status: 'cancelled',
      refunded: 200n,
    });
    expect(stateAfter(...signed(), reserve(1001n), wind()).status).toBe('closing');
    expect(stateAfter(...signed(), reserve(1001n), wind(), deposit(1001n, 'p-1', hour(3)))).toMatchObject({
      status: 'cancelled',
      refunded: 1001n,
    });
  });

  it('is for the system alone', () => {
    expect(refusal(...inForce(), wind(hour(2), 'payer'))?.code).toBe('NOT_AUTHORISED');
  });
});
