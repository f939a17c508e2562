import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '#libs/event-log/port/errors.js';
import { CommandOverloaded, CommandTimedOut } from '#libs/event-log/runner/types.js';
import { OrganisationById } from '#libs/onboarding/contract/index.js';
import { PayBills, VerifyReceipt, WalletsOf } from '#libs/payments/contract/index.js';
import { globalId } from '#libs/graphql/index.js';
import type { GatewayOptions } from '../gateway.js';
import { type Script, type ScriptedGateway, scriptedGateway } from '../testing/scripted-gateway.js';

let open: ScriptedGateway | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
async function start(script: Script = [], options: Partial<GatewayOptions> = {}): Promise<ScriptedGateway> {
  open = await scriptedGateway(script, options);
  return open;
}

const PAY =
  'mutation P($input: PayBillsInput!) { payBills(input: $input) { __typename ... on Rejection { code message path } ... on InsufficientFunds { available { amount currency } required { amount } } } }';
const payment = (changes: object = {}): object => ({
  idempotencyKey: 'k',
  bills: [{ billId: globalId('Bill', 'b1') }],
  expectedTotal: { amount: '12.30', currency: 'CNY' },
  method: { wallet: { walletId: globalId('Wallet', 'w1') } },
  ...changes,
});

describe('authentication', () => {
  it('asks for a token where one is needed, and only there', async () => {
    const gateway = await start();
    const refused = await gateway.post({ query: '{ me { accountId } }' });
    expect([refused.status, refused.json.errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect((await gateway.post({ query: '{ __schema { queryType { name } } }' })).status).toBe(200);
  });

  it('passes the caller on and refuses every other header', async () => {
    const gateway = await start([
      [
        OrganisationById,
        ({ id }: OrganisationById) => Promise.resolve({ id, nameZh: '示范', nameEn: 'Demo', kind: 'school' }),
      ],
    ]);
    const token = await gateway.token('bursar');
    const answer = await gateway.post(
      { query: '{ me { accountId roles organisation { code name } } }' },
      { token },
    );
    expect(answer.json).toEqual({
      data: {
        me: { accountId: 'demo-bursar', roles: ['BURSAR'], organisation: { code: 'school-2', name: '示范' } },
      },
    });
    for (const authorization of [`Basic ${token}`, 'Bearer', 'Bearer x y', `Bearer ${token}x`, token]) {
      const refused = await gateway.post({ query: '{ me { accountId } }' }, { headers: { authorization } });
      expect([authorization, refused.status, refused.json.errors?.[0]?.extensions.code]).toEqual([
        authorization,
        401,
        'UNAUTHENTICATED',
      ]);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('in production shows nothing without a token, no schema and no suggestions with one', async () => {
    const gateway = await start([[VerifyReceipt, () => Promise.resolve(undefined)]], { production: true });
    expect((await gateway.post({ query: '{ __typename }' })).status).toBe(401);
    // But for what anybody may ask, and nothing beside it.
    const verify = 'verifyReceipt(organisationCode: "a", code: "b") { status }';
    expect((await gateway.post({ query: `{ ${verify} }` })).json).toEqual({ data: { verifyReceipt: null } });
    expect((await gateway.post({ query: `{ ${verify} me { accountId } }` })).status).toBe(401);
    const token = await gateway.token('bursar');
    const schema = await gateway.post({ query: '{ __schema { types { name } } }' }, { token });
    expect([schema.status, schema.json.errors?.[0]?.extensions.code]).toEqual([
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    const misspelt = await gateway.post({ query: '{ mee { accountId } }' }, { token });
    expect(misspelt.status).toBe(400);
    expect(misspelt.text).not.toMatch(/did you mean/i);
  });
});

describe('payBills over HTTP', () => {
  it('reads the input exactly', async () => {
    const received: PayBills[] = [];
    const gateway = await start([
      [
        PayBills,
        (command: PayBills) => (
          received.push(command),
          Promise.resolve({ accepted: false, rejection: { code: 'BILL_NOT_FOUND', message: 'x' } })
        ),
      ],
    ]);
    const token = await gateway.token('payer');
    const input = payment({
      bills: [
        { billId: globalId('Bill', 'b1'), amount: { amount: '0.1' } },
        { billId: globalId('Bill', 'b2') },
      ],
    });
    expect((await gateway.post({ query: PAY, variables: { input } }, { token })).status).toBe(200);
    expect(received.map(({ input: read }) => read)).toEqual([
      {
        idempotencyKey: 'k',
        bills: [{ billId: 'b1', amount: { asset: 'CNY/2', amount: 10n } }, { billId: 'b2' }],
        expectedTotal: { asset: 'CNY/2', amount: 1230n },
        method: { channel: 'wallet', walletId: 'w1' },
      },
    ]);
    expect(received[0]?.context.caller.accountId).toBe('demo-payer');
  });

  it.each(['9007199254740993.001', '1e3', '0x10', ' 12 ', '１２', '-0', '1.005', ''])(
    'refuses the amount %j before any command',
    async (amount) => {
      const gateway = await start();
      const answer = await gateway.post(
        { query: PAY, variables: { input: payment({ expectedTotal: { amount } }) } },
        { token: await gateway.token('payer') },
      );
      expect([answer.status, answer.json.errors?.[0]?.extensions.code]).toEqual([
        400,
        expect.stringMatching(/^(INVALID_AMOUNT|BAD_USER_INPUT)$/),
      ]);
      expect(gateway.faults).toEqual([]);
    },
  );

  it.each([
    ['a number as amount', payment({ expectedTotal: { amount: 12.3 } }), 'INVALID_AMOUNT'],
    [
      'another currency',
      payment({ expectedTotal: { amount: '1.00', currency: 'USD' } }),
      'UNSUPPORTED_CURRENCY',
    ],
    [
      'two methods',
      payment({ method: { wallet: { walletId: 'x' }, cash: { tendered: { amount: '1' } } } }),
      'BAD_USER_INPUT',
    ],
    ['no method', payment({ method: {} }), 'BAD_USER_INPUT'],
    [
      'the id of a wallet as a bill',
      payment({ bills: [{ billId: globalId('Wallet', 'b1') }] }),
      'INVALID_ID',
    ],
    ['an unknown field', { ...payment(), constructor: 1 }, 'BAD_USER_INPUT'],
  ])('refuses %s before any command', async (_name, input, code) => {
    const gateway = await start();
    const answer = await gateway.post(
      { query: PAY, variables: { input } },
      { token: await gateway.token('payer') },
    );
    expect([answer.status, answer.json.errors?.[0]?.extensions.code]).toEqual([400, code]);
    expect(gateway.faults).toEqual([]);
  });

  it('explains a refusal in the reader’s language, with its figures', async () => {
    const rejection = {
      code: 'INSUFFICIENT_FUNDS',
      message: 'developers only',
      details: { available: '1.00', required: '12.30' },
      path: ['input', 'method'],
    };
    const gateway = await start([[PayBills, () => Promise.resolve({ accepted: false, rejection })]]);
    const ask = async (language: string) =>
      (
        await gateway.post(
          { query: PAY, variables: { input: payment() } },
          { token: await gateway.token('payer'), headers: { 'accept-language': language } },
        )
      ).json.data;
    const figures = {
      __typename: 'InsufficientFunds',
      code: 'INSUFFICIENT_FUNDS',
      path: ['input', 'method'],
      available: { amount: '1.00', currency: 'CNY' },
      required: { amount: '12.30' },
    };
    expect(await ask('')).toEqual({ payBills: { ...figures, message: '钱包余额不足。' } });
    expect(await ask('fr, en;q=0.8')).toEqual({
      payBills: { ...figures, message: 'The balance of the wallet is not enough.' },
    });
  });
});

describe('faults', () => {
  it('are masked, with a trace that the log knows', async () => {
    const gateway = await start([
      [WalletsOf, () => Promise.reject(new Error('password of the database is hunter2'))],
    ]);
    const answer = await gateway.post(
      { query: '{ wallets { id } }' },
      { token: await gateway.token('payer') },
    );
    expect(answer.json.errors?.map(({ message, extensions }) => [message, extensions.code])).toEqual([
      ['Something went wrong on our side.', 'INTERNAL_SERVER_ERROR'],
    ]);
    expect(answer.text).not.toMatch(/hunter2|stack|\.ts/);
    expect(gateway.faults.map(({ traceId }) => traceId)).toEqual([
      answer.json.errors?.[0]?.extensions.traceId,
    ]);
  });

  it('of the executor itself are masked too', async () => {
    const gateway = await start([[WalletsOf, () => Promise.resolve([{ id: 'w', balance: null }])]]);
    const answer = await gateway.post(
      { query: '{ wallets { balance { amount } } }' },
      { token: await gateway.token('payer') },
    );
    expect(answer.json.errors?.map(({ message, extensions }) => [message, extensions.code])).toEqual([
      ['Something went wrong on our side.', 'INTERNAL_SERVER_ERROR'],
    ]);
    expect(gateway.faults.length).toBe(1);
  });

  it.each([
    [new LogUnavailable('x'), 503, 'UNAVAILABLE'],
    [new CommandOverloaded('x'), 503, 'OVERLOADED'],
    [new CommandTimedOut('x'), 504, 'OUTCOME_UNKNOWN'],
  ])('of the stores have a code: %s', async (fault, status, code) => {
    const gateway = await start([[PayBills, () => Promise.reject(fault)]]);
    const answer = await gateway.post(
      { query: PAY, variables: { input: payment() } },
      { token: await gateway.token('payer') },
    );
    expect([answer.status, answer.json.errors?.[0]?.extensions.code]).toEqual([status, code]);
    // A payment may be captured when its receipt finds the queue full: nobody may take it for undone and pay elsewhere.
    expect(answer.json.errors?.[0]?.message).toMatch(/[Rr]epeat it with the same idempotencyKey/);
    expect(answer.json.errors?.[0]?.message).not.toContain('Nothing was changed');
    expect(gateway.faults).toEqual([]);
  });
});

describe('bounds', () => {
  it('answers by the deadline that the outcome is unknown', async () => {
    const gateway = await start([[PayBills, () => sleep(500)]], { deadlineMs: 80 });
    const answer = await gateway.post(
      { query: PAY, variables: { input: payment() } },
      { token: await gateway.token('payer') },
    );
    expect([answer.status, answer.json.errors?.[0]?.extensions.code]).toEqual([504, 'DEADLINE_EXCEEDED']);
    expect(answer.tookMs).toBeLessThan(400);
    // What runs on still takes a place.
    expect(gateway.gateway.metrics.registry.getSingleMetric('sluice_graphql_in_flight')).toBeDefined();
  });

  it('sends away what it cannot hold, and takes more when there is room again', async () => {
    let release = (): void => undefined;
    const held = new Promise<readonly never[]>((resolve) => (release = () => resolve([])));
    const gateway = await start([[WalletsOf, () => held]], { maxInFlight: 4 });
    const token = await gateway.token('payer');
    const ask = () => gateway.post({ query: '{ wallets { id } }' }, { token });
    const first = Array.from({ length: 4 }, ask);
    await sleep(150);
    const refused = await ask();
    expect([
      refused.status,
      refused.json.errors?.[0]?.extensions.code,
      refused.headers.get('retry-after'),
    ]).toEqual([503, 'OVERLOADED', '1']);
    release();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await ask()).status).toBe(200);
  });

  it('finishes what it has begun before it closes', async () => {
    const gateway = await start([[WalletsOf, () => sleep(200).then(() => [])]]);
    const asked = gateway.post({ query: '{ wallets { id } }' }, { token: await gateway.token('payer') });
    await sleep(60);
    await gateway.gateway.drain();
    expect((await asked).json).toEqual({ data: { wallets: [] } });
  });
});
