import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WalletId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { fen, paymentWorld, recordedEvents, type PaymentWorld } from '#libs/testing/payment-world.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { sandboxBank } from '#libs/testing/sandbox-bank.js';
import { transferNode, type TransferNode } from '#libs/testing/transfer-world.js';

type Bank = Awaited<ReturnType<typeof sandboxBank>>;

let bank: Bank;
let world: PaymentWorld;
let node: TransferNode;
let runtime: ReturnType<typeof manualRuntime>;

beforeEach(async () => {
  runtime = manualRuntime();
  bank = await sandboxBank({ clock: runtime.clock, deadlineMs: 1_500 });
  world = paymentWorld(bank.channel, runtime);
  node = transferNode(world);
  bank.controls.bind(node.notices);
  bank.controls.hold();
});

afterEach(async () => {
  await bank.close();
  expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
});

const by = (walletId: WalletId, amount: number, idempotencyKey = 'key-1') => ({
  idempotencyKey,
  walletId,
  amount: fen(amount),
  bankAccount: 'account-0001',
});

describe('a collection', () => {
  const asked = (walletId: WalletId, amount = 5_000, idempotencyKey = 'key-1') => ({
    idempotencyKey,
    walletId,
    amount: fen(amount),
  });

  async function offered(amount = 5_000, tier: 'IV' | 'II' = 'II') {
    const to = await node.wallet('payee-1', 0, tier);
    const offer = await node.ask('payee-1', asked(to, amount));
    if (!offer.accepted) throw new Error(offer.rejection.code);
    return { to, content: offer.value.content, offer };
  }
  const pay = (account: string, walletId: WalletId, content: string, amount = 5_000) =>
    node.confirm(account, {
      idempotencyKey: `pay ${content} ${amount}`,
      content,
      walletId,
      expected: fen(amount),
    });

  it('by a key that has paid another one is refused', async () => {
    const first = await offered();
    const second = await node.ask('payee-1', asked(first.to, 5_000, 'another'));
    if (!second.accepted) throw new Error(second.rejection.code);
    const from = await node.wallet('payer-1', 20_000);
    const confirm = (content: string) =>
      node.confirm('payer-1', { idempotencyKey: 'one', content, walletId: from, expected: fen(5_000) });
    expect(await confirm(first.content)).toMatchObject({ accepted: true });
    expect(await confirm(second.value.content)).toMatchObject({
      rejection: { code: 'IDEMPOTENCY_CONFLICT', path: ['input', 'idempotencyKey'] },
    });
    expect(await confirm(first.content)).toMatchObject({ accepted: true });
    expect((await node.state(from)).available).toBe(15_000n);
  });

  it('is paid from wallet to wallet, once, and tells nothing of either side', async () => {
    const { to, content, offer } = await offered();
    expect(offer.value).toEqual({
      id: expect.any(String),
      content: expect.stringMatching(/^SLUICE:COLLECT:[0-9A-F-]{36}$/),
      amount: fen(5_000),
      expiresAt: '2026-09-01T00:10:00.000Z',
      status: 'OPEN',
    });
    const from = await node.wallet('payer-1', 10_000);
    expect(await node.look('payer-1', content)).toEqual(offer.value);
    const paid = await pay('payer-1', from, content);
    expect(paid).toMatchObject({ value: { status: 'COMPLETED', direction: 'OUT', walletId: from } });
    expect(await pay('payer-1', from, content)).toEqual(paid);
    expect(await node.look('payer-1', content)).toMatchObject({ status: 'PAID' });
    expect((await node.state(to)).available).toBe(5_000n);
    expect(await node.state(from)).toMatchObject({ available: 5_000n, held: 0n, spent: { day: 5_000n } });
    expect(await node.ask('payee-1', asked(to))).toMatchObject({ value: { status: 'PAID' } });
    expect(await node.ask('payee-1', asked(to, 1))).toMatchObject({
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
  });

  it('is paid by one of many who try at once', async () => {
    const { to, content } = await offered();
    const accounts = ['a', 'b', 'c', 'd'];
    const wallets = await Promise.all(accounts.map((account) => node.wallet(account, 10_000)));
    const answers = await Promise.all(
      accounts.map((account, index) => pay(account, wallets[index]!, content)),
    );
    const codes = answers.map((answer) => (answer.accepted ? 'paid' : answer.rejection.code)).sort();
    expect(codes).toEqual(['COLLECTION_TAKEN', 'COLLECTION_TAKEN', 'COLLECTION_TAKEN', 'paid']);
    expect((await node.state(to)).available).toBe(5_000n);
  });

  it('is not used up by somebody who cannot pay', async () => {
    const { content } = await offered();
    const poor = await node.wallet('payer-1', 100);
    const small = await node.wallet('payer-2', 500_000, 'IV');
    expect(await pay('payer-1', poor, content)).toMatchObject({ rejection: { code: 'INSUFFICIENT_FUNDS' } });
    expect(await node.look('payer-1', content)).toMatchObject({ status: 'OPEN' });
    expect(await pay('payer-2', small, content, 4_999)).toMatchObject({
      rejection: { code: 'AMOUNT_MISMATCH' },
    });
    expect(await pay('payer-2', small, content)).toMatchObject({ accepted: true });
  });

  it('above a limit of the payer is refused with what would go', async () => {
    const { content } = await offered(300_000);
    const from = await node.wallet('payer-1', 900_000, 'IV');
    expect(await pay('payer-1', from, content, 300_000)).toMatchObject({
      rejection: {
        code: 'LIMIT_EXCEEDED',
        details: { name: 'single', suggestion: 'SPLIT', amounts: '2000.00,1000.00' },
      },
    });
  });

  it('that the payee may not take goes back to the payer', async () => {
    const { to, content } = await offered(1_000_100, 'IV');
    const from = await node.wallet('payer-1', 2_000_000);
    expect(await pay('payer-1', from, content, 1_000_100)).toMatchObject({
      rejection: { code: 'LIMIT_EXCEEDED' },
    });
    expect((await node.state(to)).available).toBe(0n);
    expect(await node.state(from)).toMatchObject({ available: 2_000_000n, held: 0n });
    expect(await node.look('payer-1', content)).toMatchObject({ status: 'FAILED' });
  });

  it('expired, forged or one’s own is refused', async () => {
    const { to, content } = await offered();
    const from = await node.wallet('payer-1', 10_000);
    expect(await pay('payee-1', to, content)).toMatchObject({ accepted: false });
    await node.topUp('payee-1', by(to, 10_000));
    expect(await pay('payee-1', to, content)).toMatchObject({ rejection: { code: 'OWN_COLLECTION' } });
    for (const forged of [
      '',
      'SLUICE:COLLECT:x',
      `${content}0`,
      content.replace(/[0-9A-F]$/, (digit) => (digit === '0' ? '1' : '0')),
    ]) {
      expect(await pay('payer-1', from, forged)).toMatchObject({
        rejection: { code: 'COLLECTION_NOT_FOUND' },
      });
      expect(await node.look('payer-1', forged)).toBeUndefined();
    }
    await runtime.advance(10 * 60_000);
    expect(await pay('payer-1', from, content)).toMatchObject({ rejection: { code: 'COLLECTION_EXPIRED' } });
    const late = { ...asked(to, 1, 'key-9'), expiresAt: parseInstant('2026-09-09T00:00:00Z') };
    await expect(node.ask('payee-1', late)).rejects.toMatchObject({ code: 'INVALID_EXPIRY' });
  });
});
