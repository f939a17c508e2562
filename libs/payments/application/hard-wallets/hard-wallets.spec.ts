import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asId, type BillId, type OrganisationId, type WalletId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { callerOf, OTHER_SCHOOL, recordedEvents, requestOf, SCHOOL, TENANT } from '#libs/testing/callers.js';
import { mortalLog } from '#libs/testing/mortal-log.js';
import { offlineShop, type OfflineShop } from '#libs/testing/offline-world.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { billStateOf, fen, paymentWorld, type PaymentWorld } from '#libs/testing/payment-world.js';
import { hardWalletAggregate, walletAggregate } from '../../codec/index.js';
import type { HardWalletId, OfflineToken } from '../../contract/index.js';
import { signedContent } from './offline-token.js';

const at = parseInstant('2026-09-01T00:00:00.000Z');
const device = generateKeyPairSync('ed25519');
const publicKey = device.publicKey.export({ format: 'jwk' }).x!;

let world: PaymentWorld;
let shop: OfflineShop;
let walletId: WalletId;
let hardWalletId: HardWalletId;
let bills: readonly BillId[];
/** What the audit finds afterwards: money that waits for a person. */
let leftOver: readonly string[];

function token(
  counter: number,
  change: Partial<OfflineToken> = {},
  key: KeyObject = device.privateKey,
): OfflineToken {
  const content = {
    hardWalletId,
    counter,
    amount: fen(1_000),
    organisationId: SCHOOL,
    reference: bills[counter - 1] ?? bills[0]!,
    at,
    ...change,
  };
  return {
    ...content,
    signature: sign(undefined, Buffer.from(signedContent(content)), key).toString('base64url'),
  };
}

async function outcomes(
  tokens: readonly OfflineToken[],
  organisation?: OrganisationId,
): Promise<readonly string[]> {
  const answer = await shop.sync(tokens, organisation);
  if (!answer.accepted) throw new Error(answer.rejection.code);
  return answer.value.payments.map(({ outcome }) => outcome);
}

async function typesOf(prefix: string): Promise<readonly string[]> {
  const events = await recordedEvents(world.log);
  return events
    .filter(({ stream }) => stream.startsWith(prefix))
    .map(({ type }) => type.replace(/\.v\d+$/, ''));
}

beforeEach(async () => {
  leftOver = [];
  world = paymentWorld();
  shop = offlineShop(world);
  walletId = await shop.openWallet('payer-1', 100_000);
  bills = await Promise.all(['0001', '0002', '0003', '0004'].map((number) => shop.issueBill(number, 1_000)));
  const issued = await shop.issue(walletId, publicKey);
  if (!issued.accepted) throw new Error(issued.rejection.code);
  hardWalletId = issued.value.id;
  await shop.load(hardWalletId, 3_000, 0);
});

afterEach(async () => {
  expect(auditPayments(await recordedEvents(world.log))).toEqual(leftOver);
});

describe('a hard wallet', () => {
  it('is the owner’s, and the same device is the same hard wallet', async () => {
    expect(await shop.issue(walletId, publicKey)).toMatchObject({
      value: { id: hardWalletId, balance: fen(3_000), permitted: 100 },
    });
    expect(await shop.issue(walletId, publicKey, requestOf(callerOf('payer', 'payer-2')))).toMatchObject({
      rejection: { code: 'WALLET_NOT_FOUND' },
    });
    await expect(shop.issue(walletId, 'x')).rejects.toMatchObject({ code: 'INVALID_PUBLIC_KEY' });
  });

  it('is loaded once per key, from what the wallet has', async () => {
    expect(await shop.wallet(walletId)).toMatchObject({
      available: 97_000n,
      held: 0n,
      spent: { day: 3_000n },
    });
    expect(await shop.load(hardWalletId, 3_000, 0)).toMatchObject({ value: { balance: fen(3_000) } });
    expect(await shop.load(hardWalletId, 3_001, 0)).toMatchObject({
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!;
    const second = await shop.issue(walletId, other);
    if (!second.accepted) throw new Error(second.rejection.code);
    expect(await shop.load(second.value.id, 3_000, 0)).toMatchObject({
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    const tooMuch = await shop.load(hardWalletId, 100_000, 0, 'k2');
    expect(tooMuch).toMatchObject({
      rejection: { code: 'INSUFFICIENT_FUNDS', details: { available: '970.00' } },
    });
    expect(await shop.load(hardWalletId, 100_000, 0, 'k2')).toEqual(tooMuch);
    expect(await shop.wallet(walletId)).toMatchObject({ available: 97_000n, held: 0n });
  });
});

describe('offline payments', () => {
  it('are paid to their bills, and answered alike however often they are brought', async () => {
    const tokens = [token(1), token(2)];
    const first = await shop.sync(tokens);
    expect(first).toEqual({
      accepted: true,
      value: {
        payments: [1, 2].map((counter) => ({
          hardWalletId,
          counter,
          outcome: 'PAID',
          paymentId: expect.any(String),
        })),
      },
    });
    const before = (await recordedEvents(world.log)).length;
    expect(await shop.sync(tokens)).toEqual(first);
    expect(await shop.sync([...tokens].reverse())).toMatchObject({
      value: { payments: [{ counter: 2 }, { counter: 1 }] },
    });
    await shop.react();
    expect(await recordedEvents(world.log)).toHaveLength(before);
    expect(await billStateOf(shop, bills[0]!)).toMatchObject({ status: 'paid' });
    expect(await shop.issue(walletId, publicKey)).toMatchObject({
      value: { balance: fen(1_000), lastCounter: 2 },
    });
  });

  it('may come in any order from several shops, each number once', async () => {
    const other = await shop.issueBill('0009', 1_000, OTHER_SCHOOL);
    const elsewhere = token(2, { organisationId: OTHER_SCHOOL, reference: other });
    expect(await outcomes([token(1), token(3)])).toEqual(['PAID', 'PAID']);
    expect(await outcomes([elsewhere])).toEqual(['INVALID_TOKEN']);
    expect(await outcomes([elsewhere], OTHER_SCHOOL)).toEqual(['PAID']);
  });

  it('with one number twice are a double spend: one is paid, the other is a case, never paid later', async () => {
    const twin = token(1, { reference: bills[1]! });
    expect(await outcomes([token(1)])).toEqual(['PAID']);
    for (let time = 0; time < 2; time += 1) expect(await outcomes([twin])).toEqual(['DOUBLE_SPEND']);
    await shop.react();
    expect(await typesOf('case-')).toEqual(['CaseOpened']);
    expect(await billStateOf(shop, bills[1]!)).toMatchObject({ status: 'issued' });
    expect(await outcomes([token(1, { amount: fen(999) }), token(1)])).toEqual(['DOUBLE_SPEND', 'PAID']);
  });

  it('beyond what the device was loaded with are never paid, even after the next load', async () => {
    const greedy = token(1, { amount: fen(3_001) });
    expect(await outcomes([greedy])).toEqual(['DOUBLE_SPEND']);
    await shop.load(hardWalletId, 5_000, 1, 'k2');
    expect(await outcomes([greedy])).toEqual(['DOUBLE_SPEND']);
    expect(await typesOf('case-')).toEqual(['CaseOpened']);
  });

  it('above the permitted number wait for the device to be in touch with the bank', async () => {
    expect(await outcomes([token(100), token(101)])).toEqual(['PAID', 'TOO_MANY_OFFLINE']);
    expect(await shop.load(hardWalletId, 1_000, 99, 'k2')).toMatchObject({
      rejection: { code: 'COUNTER_BEHIND', details: { lastCounter: '100' } },
    });
    await shop.load(hardWalletId, 1_000, 101, 'k3');
    expect(await outcomes([token(101, { reference: bills[1]! })])).toEqual(['PAID']);
  });

  it('that no bill takes are put aside for a person, once', async () => {
    expect(await outcomes([token(1), token(2, { reference: bills[0]! })])).toEqual(['PAID', 'SUSPENDED']);
    expect(await outcomes([token(2, { reference: bills[0]! })])).toEqual(['SUSPENDED']);
    const events = await recordedEvents(world.log);
    const suspended = events.filter(({ type }) => type === 'OfflinePaymentSuspended.v1');
    expect(suspended.map(({ data }) => [data['reason'], data['postings']])).toEqual([
      [
        'BILL_ALREADY_PAID',
        [
          {
            source: 'clearing:offline',
            destination: `suspense:${SCHOOL}`,
            amount: { asset: 'CNY/2', amount: '1000' },
          },
        ],
      ],
    ]);
    expect(await typesOf('case-')).toEqual(['CaseOpened']);
    leftOver = [`suspense:${SCHOOL} still holds 1000`];
  });

  it('that the device has not signed, or not like this, are none', async () => {
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const good = token(1);
    const forged: readonly OfflineToken[] = [
      token(1, {}, stranger),
      { ...good, amount: fen(2_000) },
      { ...good, counter: 2 },
      { ...good, reference: bills[1]! },
      { ...good, signature: '' },
      { ...good, hardWalletId: asId('00000000-0000-8000-8000-000000000000') },
      token(0),
      token(1, { amount: fen(0) }),
      token(1, { reference: asId('x') }),
      token(1, { at: parseInstant('2027-01-01T00:00:00Z') }),
    ];
    expect(await outcomes(forged)).toEqual(forged.map(() => 'INVALID_TOKEN'));
    expect(await shop.sync(Array.from({ length: 201 }, () => good))).toMatchObject({
      rejection: { code: 'TOO_MANY_TOKENS' },
    });
    expect((await typesOf('hardWallet-')).includes('OfflinePaymentTaken')).toBe(false);
  });
});

describe('a crash between any two steps', () => {
  it('of a load or a sync is finished by the process manager', async () => {
    for (let append = 1; append <= 12; append += 1) {
      for (const moment of ['before', 'after'] as const) {
        const key = `${append}-${moment}`;
        const mortal = mortalLog(world.log, { append, moment });
        const doomed = offlineShop(world, mortal.log);
        await doomed.load(hardWalletId, 1_000, 0, key).catch(() => 'died');
        await shop.react();
        const answer = await shop.load(hardWalletId, 1_000, 0, key);
        expect({ key, answer }).toMatchObject({ answer: { accepted: true } });
        expect({ key, wallet: await shop.wallet(walletId) }).toMatchObject({ wallet: { held: 0n } });
      }
    }
    for (let append = 1; append <= 12; append += 1) {
      const counter = append;
      const bill = await shop.issueBill(`1${append}`, 1_000);
      const paid = token(counter, { reference: bill });
      const doomed = offlineShop(world, mortalLog(world.log, { append, moment: 'after' }).log);
      await doomed.sync([paid]).catch(() => 'died');
      await offlineShop(world).react();
      expect({ append, outcome: await outcomes([paid]) }).toEqual({ append, outcome: ['PAID'] });
      expect(await billStateOf(offlineShop(world), bill)).toMatchObject({ status: 'paid' });
    }
    // 24 loads of 10 yuan beside the first, less 12 payments.
    expect(await shop.issue(walletId, publicKey)).toMatchObject({
      value: { balance: fen(3_000 + 24_000 - 12_000) },
    });
  });

  it('of a load that one process refused while another held the money gives it back', async () => {
    // The key is claimed and the load requested; the hold is not placed.
    const doomed = offlineShop(world, mortalLog(world.log, { append: 3, moment: 'before' }).log);
    await doomed.load(hardWalletId, 1_000, 0, 'torn').catch(() => 'died');
    const requested = (await recordedEvents(world.log)).findLast(
      ({ type }) => type === 'HardWalletLoadRequested.v1',
    );
    const loadId = requested!.data['loadId'] as string;
    const context = (commandId: string) => ({
      commandId,
      correlationId: 'c',
      actor: 'a',
      tenant: TENANT,
      at,
    });
    const failure = { code: 'INSUFFICIENT_FUNDS', message: 'The wallet does not hold enough.' };
    const refuse = { kind: 'refuseLoad', loadId, failure, at } as const;
    await shop.store.run(hardWalletAggregate, hardWalletId, refuse, context('refuse'));
    const hold = {
      kind: 'hold',
      tenant: TENANT,
      owner: 'payer-1',
      paymentId: asId<'payment'>(loadId),
      amount: fen(1_000),
    } as const;
    await shop.store.run(walletAggregate, walletId, hold, context('hold'));
    await shop.react();
    expect(await shop.load(hardWalletId, 1_000, 0, 'torn')).toMatchObject({
      rejection: { code: 'INSUFFICIENT_FUNDS' },
    });
    expect(await shop.wallet(walletId)).toMatchObject({ available: 97_000n, held: 0n });
  });
});
