import { connect as connectTo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { BillById } from '#libs/billing/contract/index.js';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import { globalId } from '#libs/graphql/index.js';
import { OrganisationById } from '#libs/onboarding/contract/index.js';
import { ImportById } from '#libs/tuition/contract/index.js';
import { type Script, type ScriptedGateway, scriptedGateway } from '../testing/scripted-gateway.js';

const opened: { close?(): unknown; dispose?(): unknown }[] = [];
afterEach(async () => {
  for (const part of opened.splice(0).reverse()) await (part.dispose?.() ?? part.close?.());
});

/** Bills belong to the organisation in their id, `school-2/7`; what other contexts would check, this does. */
const script: Script = [
  [
    BillById,
    ({ context, id }: BillById) =>
      Promise.resolve(id.startsWith(`${context.caller.organisation}_`) ? { id, number: id } : undefined),
  ],
  [OrganisationById, ({ id }: OrganisationById) => Promise.resolve({ id })],
  [ImportById, ({ id }: ImportById) => Promise.resolve({ id, fileName: `read at ${performance.now()}` })],
];

async function start(): Promise<ScriptedGateway> {
  const gateway = await scriptedGateway(script);
  opened.push(gateway);
  return gateway;
}

function connect(gateway: ScriptedGateway, connectionParams: Record<string, unknown>): Client {
  const client = createClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
    lazy: true,
  });
  opened.push(client);
  return client;
}
const signedIn = async (
  gateway: ScriptedGateway,
  username: string,
  lifetimeSeconds?: number,
): Promise<Client> =>
  connect(gateway, { authorization: `Bearer ${await gateway.token(username, lifetimeSeconds)}` });

/** Collects what a subscription delivers, and how it ended. */
function collect(client: Client, query: string, variables?: Record<string, unknown>) {
  const received: unknown[] = [];
  let ended: unknown;
  const stop = client.subscribe(
    { query, variables },
    {
      next: (message) => void received.push(message),
      error: (fault) => (ended = fault),
      complete: () => (ended ??= 'complete'),
    },
  );
  return { received, ended: () => ended, stop };
}

const event = (stream: string, organisation = 'school-2'): DecodedEvent =>
  ({ stream, metadata: { organisation } }) as unknown as DecodedEvent;
const BILLS = 'subscription B($id: ID!) { billUpdated(of: { organisationId: $id }) { number } }';
const ONE_BILL = 'subscription B($id: ID!) { billUpdated(of: { billId: $id }) { number } }';
const SETTLE_MS = 150;

describe('subscriptions', () => {
  it('deliver what changed in the own organisation, after the right projection, and nothing foreign', async () => {
    const gateway = await start();
    const bills = collect(await signedIn(gateway, 'bursar'), BILLS, {
      id: globalId('Organisation', 'school-2'),
    });
    await sleep(SETTLE_MS);
    gateway.applied('another projection', [event('bill-school-2_0')]);
    gateway.applied('bills', [
      event('bill-school-2_1'),
      event('bill-school-1_2'),
      event('payment-school-2_3'),
      event('bill-school-1_4', 'school-1'),
    ]);
    await sleep(SETTLE_MS);
    expect(bills.received).toEqual([{ data: { billUpdated: { number: 'school-2_1' } } }]);
  });

  it('make one update of many quick changes', async () => {
    const gateway = await start();
    const bills = collect(await signedIn(gateway, 'bursar'), ONE_BILL, {
      id: globalId('Bill', 'school-2_1'),
    });
    await sleep(SETTLE_MS);
    for (let change = 0; change < 1_000; change += 1) gateway.applied('bills', [event('bill-school-2_1')]);
    await sleep(SETTLE_MS);
    expect(bills.received.length).toBeLessThanOrEqual(2);
    expect(bills.received[0]).toEqual({ data: { billUpdated: { number: 'school-2_1' } } });
  });

  it('tell of a job at most four times a second, its first and its last state included', async () => {
    const gateway = await start();
    const progress = collect(
      await signedIn(gateway, 'bursar'),
      'subscription P($id: ID!) { importProgressed(importId: $id) { fileName } }',
      { id: globalId('Import', 'i1') },
    );
    await sleep(SETTLE_MS);
    expect(progress.received.length).toBe(1);
    const startedMs = performance.now();
    let last = 0;
    while (performance.now() - startedMs < 1_000) {
      gateway.applied('import', [event('import-i1')]);
      gateway.applied('imports', [event('import-i1')]);
      last = performance.now();
      await sleep(5);
    }
    await sleep(350);
    expect(progress.received.length).toBeGreaterThanOrEqual(4);
    expect(progress.received.length).toBeLessThanOrEqual(7);
    const lastRead = (progress.received.at(-1) as { data: { importProgressed: { fileName: string } } }).data
      .importProgressed.fileName;
    expect(Number(lastRead.split(' ').at(-1))).toBeGreaterThan(last);
  });

  it.each([
    ['another organisation’s bills', BILLS, globalId('Organisation', 'school-1')],
    ['another organisation’s bill', ONE_BILL, globalId('Bill', 'school-1_1')],
    ['a bill that does not exist', ONE_BILL, globalId('Bill', 'nothing')],
  ])('refuse %s, all alike', async (_name, query, id) => {
    const gateway = await start();
    const refused = collect(await signedIn(gateway, 'bursar'), query, { id });
    await sleep(SETTLE_MS);
    expect(refused.received).toMatchObject([
      {
        errors: [
          {
            message: 'There is nothing with this id for you to watch.',
            path: ['billUpdated'],
            extensions: { code: 'BAD_USER_INPUT', traceId: expect.any(String) },
          },
        ],
      },
    ]);
    expect(refused.ended()).toBe('complete');
  });

  it.each([
    ['no token', {}],
    ['a forged token', { authorization: 'Bearer a.b.c' }],
    ['another kind of value', { authorization: { toString: 'x' } }],
  ])('refuse a connection with %s', async (_name, params) => {
    const gateway = await start();
    const refused = collect(connect(gateway, params), BILLS, { id: globalId('Organisation', 'school-2') });
    await sleep(SETTLE_MS);
    expect(refused.ended()).toMatchObject({ code: 4403 });
  });

  it('end when the token does', async () => {
    const gateway = await start();
    const bills = collect(await signedIn(gateway, 'bursar', 2), ONE_BILL, {
      id: globalId('Bill', 'school-2_1'),
    });
    await sleep(2_200);
    expect(bills.ended()).toMatchObject({ code: 4401 });
  });

  it('run no queries or mutations, and keep to the limits', async () => {
    const gateway = await start();
    const client = await signedIn(gateway, 'bursar');
    const codeOf = async (query: string): Promise<unknown> => {
      const refused = collect(client, query, {});
      for (let turn = 0; refused.ended() === undefined && turn < 500; turn += 1) await sleep(10);
      return (refused.ended() as readonly { readonly extensions: { readonly code: string } }[])[0]?.extensions
        .code;
    };
    expect(await codeOf('{ me { accountId } }')).toBe('METHOD_NOT_ALLOWED');
    expect(await codeOf('mutation { openWallet(input: { idempotencyKey: "k" }) { __typename } }')).toBe(
      'METHOD_NOT_ALLOWED',
    );
    expect(
      await codeOf(`subscription { ${Array.from({ length: 40 }, (_, n) => `a${n}: __typename`).join(' ')} }`),
    ).toBe('DOCUMENT_TOO_COMPLEX');
    expect(await codeOf('subscription { nothing }')).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await codeOf('subscription { billUpdated(of: {}) { id } }')).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('survive whoever asks for an upgrade elsewhere and breaks the connection', async () => {
    const gateway = await start();
    const { hostname, port } = new URL(gateway.url);
    const broken = Array.from({ length: 10 }, async (_, n) => {
      const socket = connectTo(Number(port), hostname);
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('connect', resolve));
      // More than the kernel takes back without a word, so that the break is an error on the other side.
      const head = 'GET /elsewhere HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
      socket.write(head + 'x'.repeat(100_000));
      await sleep(n % 4);
      socket.resetAndDestroy();
    });
    // An error that nobody hears ends the process; here it fails the test.
    await Promise.all(broken);
    await sleep(SETTLE_MS);
    expect((await gateway.post({ query: '{ __typename }' })).status).toBe(200);
  });

  it('leave nothing behind when they end', async () => {
    const gateway = await start();
    const watching = async (): Promise<number> =>
      Number((await gateway.gateway.metrics.registry.metrics()).match(/^sluice_subscriptions (\d+)$/m)?.[1]);
    const client = await signedIn(gateway, 'bursar');
    const subscriptions = Array.from({ length: 10 }, () =>
      collect(client, ONE_BILL, { id: globalId('Bill', 'school-2_1') }),
    );
    await sleep(SETTLE_MS);
    expect(await watching()).toBe(10);
    subscriptions.slice(0, 5).forEach(({ stop }) => stop());
    await sleep(SETTLE_MS);
    expect(await watching()).toBe(5);
    await client.dispose();
    await sleep(SETTLE_MS);
    expect(await watching()).toBe(0);
  });
});
