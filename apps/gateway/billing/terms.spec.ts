import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { graphql, type GraphQLSchema } from 'graphql';
import { globalId } from '#libs/graphql/index.js';
import { instantFromEpochMs, localDateOf, parseLocalDate } from '#libs/kernel/time/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { fen } from '#libs/testing/payment-world.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import { billContent, bursar, defineFeeItem, issueBill, payer } from '#libs/testing/school-fixture.js';
import { GatewayContext } from '../context.js';
import type { Commands, Queries } from '../own-writes.js';
import { publicSchema, type SchemaParts } from '../schema.js';

describe('what bills ask for, through GraphQL', () => {
  let world: ProductWorld;
  let schema: GraphQLSchema;
  let bill: string;

  beforeAll(async () => {
    world = await productWorld();
    const parts = {
      commands: { execute: (command: never) => world.execute(command) },
      queries: { execute: (query: never) => world.query(query) },
      log: (_traceId: string, fault: unknown) => {
        throw fault;
      },
    };
    // Nothing asked here signs links or watches changes.
    schema = publicSchema({
      ...parts,
      commands: parts.commands as Commands,
      queries: parts.queries as Queries,
    } as unknown as SchemaParts);
    const tuition = await defineFeeItem(world, 'TUITION');
    await setTerms({ today: localDateOf(instantFromEpochMs(Date.now())), key: 'k1' });
    bill = globalId(
      'Bill',
      await issueBill(
        world,
        billContent(tuition, '0001', { amount: fen(140_950), dueDate: parseLocalDate('2026-09-30') }),
      ),
    );
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const ask = async (
    source: string,
    caller: Caller = bursar().caller,
    language: 'zh-CN' | 'en-US' = 'en-US',
  ) => {
    const contextValue = new GatewayContext('trace', language, caller);
    const { data, errors } = await graphql({ schema, source, contextValue });
    expect(errors).toBeUndefined();
    return JSON.parse(JSON.stringify(data)) as Record<string, Record<string, unknown>>;
  };
  const setTerms = ({ today, key }: { today: string; key: string }) =>
    ask(`mutation { setBillingTerms(input: { idempotencyKey: "${key}", effectiveFrom: "${today}", terms: {
      advanceAllowed: true, lateFee: { rate: "5/10000", maximum: { amount: "500" }, order: PRINCIPAL_FIRST }
    } }) {
      ... on BillingTermsVersion { inForce terms { partialAllowed minimumPartial { amount } advanceAllowed expiresAfterDays
        lateFee { rate graceDays flat { amount } maximum { amount } order } rebate { share } } }
      ... on Rejection { code message path } } }`);

  it('sets terms and shows every version of them', async () => {
    const answer = await setTerms({ today: '2000-01-01', key: 'k2' });
    expect(answer['setBillingTerms']).toEqual({
      code: 'INVALID_TERMS',
      message: 'The terms contradict themselves, or begin before today.',
      path: ['effectiveFrom'],
    });
    const { billingTerms } = await ask(
      '{ billingTerms { effectiveFrom inForce terms { advanceAllowed lateFee { rate order maximum { amount } } } } }',
    );
    expect(billingTerms).toEqual([
      {
        effectiveFrom: expect.any(String),
        inForce: true,
        terms: {
          advanceAllowed: true,
          lateFee: { rate: '5/10000', order: 'PRINCIPAL_FIRST', maximum: { amount: '500.00' } },
        },
      },
      { effectiveFrom: null, inForce: false, terms: { advanceAllowed: false, lateFee: null } },
    ]);
  });

  it('tells what is due on a day', async () => {
    const fields = `due(asOf: "2026-10-10") { amount } lateFee(asOf: "2026-10-10") { amount }
      inTime: due(asOf: "2026-09-30") { amount } lateFeeCharged { amount } adjusted { amount } refunded { amount } rebate { amount }`;
    const figures = {
      due: { amount: '1416.54' },
      lateFee: { amount: '7.04' },
      inTime: { amount: '1409.50' },
      lateFeeCharged: { amount: '0.00' },
      adjusted: { amount: '0.00' },
      refunded: { amount: '0.00' },
      rebate: { amount: '0.00' },
    };
    expect((await ask(`{ bill(id: "${bill}") { ${fields} } }`))['bill']).toEqual(figures);
    const organisation = globalId('Organisation', 'school-1');
    const { billsToPay } = await ask(
      `{ billsToPay(input: { organisationId: "${organisation}", payerNumber: "0001", payerName: "学生0001" }) { ${fields} } }`,
      payer().caller,
    );
    expect(billsToPay).toEqual([figures]);
  });

  it('takes notes and write-offs, in the caller’s language', async () => {
    const adjust = (amount: string) =>
      ask(`mutation { adjustBill(input: { idempotencyKey: "n-${amount}", billId: "${bill}", note: CREDIT, amount: { amount: "${amount}" }, reason: "r" }) {
        ... on Bill { adjusted { amount } outstanding { amount } status }
        ... on AmountExceedsOutstanding { code billId limit: outstanding { amount } } } }`);
    expect((await adjust('9.50'))['adjustBill']).toEqual({
      adjusted: { amount: '-9.50' },
      outstanding: { amount: '1400.00' },
      status: 'ISSUED',
    });
    expect((await adjust('1400.01'))['adjustBill']).toEqual({
      code: 'AMOUNT_EXCEEDS_OUTSTANDING',
      billId: bill,
      limit: { amount: '1400.00' },
    });
    const writeOff = (key: string) =>
      ask(
        `mutation { writeOffBill(input: { idempotencyKey: "${key}", billId: "${bill}", reason: "gone" }) {
          ... on WriteOffRequest { approvalId amount { amount } bill { id status } }
          ... on WriteOffPending { message billId } } }`,
        bursar().caller,
        'zh-CN',
      );
    expect((await writeOff('w1'))['writeOffBill']).toEqual({
      approvalId: expect.any(String),
      amount: { amount: '1400.00' },
      bill: { id: bill, status: 'ISSUED' },
    });
    expect((await writeOff('w2'))['writeOffBill']).toEqual({
      message: '该缴费单的核销申请正在等待审批。',
      billId: bill,
    });
    const { bill: told } = await ask(`{ bill(id: "${bill}") { timeline { message } } }`, undefined, 'zh-CN');
    expect(told).toEqual({
      timeline: [
        { message: expect.any(String) },
        { message: '已调减：r；未缴 1400.00。' },
        { message: '已申请核销：gone' },
      ],
    });
  });
});
