import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WalletId } from '#libs/kernel/ids/index.js';
import { mortalLog, type Death } from '#libs/testing/mortal-log.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { fen, paymentWorld, recordedEvents, type PaymentWorld } from '#libs/testing/payment-world.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { sandboxBank } from '#libs/testing/sandbox-bank.js';
import { transferIds, transferNode, type TransferNode } from '#libs/testing/transfer-world.js';

type Bank = Awaited<ReturnType<typeof sandboxBank>>;

const runtime = manualRuntime();
let bank: Bank;

beforeEach(async () => {
  bank = await sandboxBank({ clock: runtime.clock, deadlineMs: 2_000 });
  bank.controls.hold();
});

afterEach(() => bank.close());

interface Prepared {
  readonly world: PaymentWorld;
  readonly wallets: readonly [WalletId, WalletId];
  readonly content: string;
}

async function prepared(): Promise<Prepared> {
  const world = paymentWorld(bank.channel, runtime);
  const node = transferNode(world);
  const payer = await node.wallet('payer-1', 20_000);
  const payee = await node.wallet('payee-1', 0, 'IV');
  const offer = await node.ask('payee-1', { idempotencyKey: 'offer', walletId: payee, amount: fen(5_000) });
  if (!offer.accepted) throw new Error(offer.rejection.code);
  return { world, wallets: [payer, payee], content: offer.value.content };
}

let run = 0;

/** Each run has its own amounts and keys: the bank remembers operations of the runs before. */
const kinds: Readonly<Record<string, (node: TransferNode, of: Prepared, key: string) => Promise<unknown>>> = {
  'a top-up': (node, { wallets }, idempotencyKey) =>
    node.topUp('payer-1', {
      idempotencyKey,
      walletId: wallets[0],
      amount: fen(4_000),
      bankAccount: 'account-1',
    }),
  'a top-up that the bank declines': (node, { wallets }, idempotencyKey) =>
    node.topUp('payer-1', {
      idempotencyKey,
      walletId: wallets[0],
      amount: fen(4_001),
      bankAccount: 'account-1',
    }),
  'a withdrawal': (node, { wallets }, idempotencyKey) =>
    node.withdraw('payer-1', {
      idempotencyKey,
      walletId: wallets[0],
      amount: fen(4_000),
      bankAccount: 'account-1',
    }),
  'a withdrawal that the bank declines': (node, { wallets }, idempotencyKey) =>
    node.withdraw('payer-1', {
      idempotencyKey,
      walletId: wallets[0],
      amount: fen(4_001),
      bankAccount: 'account-1',
    }),
  'a collection': (node, { wallets, content }, idempotencyKey) =>
    node.confirm('payer-1', { idempotencyKey, content, walletId: wallets[0], expected: fen(5_000) }),
};

describe.each(Object.entries(kinds))('a crash between any two steps of %s', (_name, act) => {
  it('is finished after the restart as it would have been without', async () => {
    run += 1;
    const calm = await prepared();
    const counting = mortalLog(calm.world.log, undefined);
    await act(transferNode(calm.world, counting.log), calm, `calm-${run}`);
    const wanted = await outcomeOf(calm);
    const appends = counting.appends();
    expect(appends).toBeGreaterThan(3);
    for (let append = 1; append <= appends; append += 1) {
      for (const moment of ['before', 'after'] as const) {
        const death: Death = { append, moment };
        const of = await prepared();
        const key = `${run}-${append}-${moment}`;
        const doomed = transferNode(of.world, mortalLog(of.world.log, death).log);
        await act(doomed, of, key).catch(() => 'died');
        const node = transferNode(of.world);
        await node.finishAll();
        // Its caller tries again with the same key.
        await act(node, of, key);
        await node.finishAll();
        expect({ death, outcome: await outcomeOf(of) }).toEqual({ death, outcome: wanted });
      }
    }
    for (const { operationId, moved } of await bank.controls.effects()) {
      expect({ operationId, twice: moved > 1 }).toEqual({ operationId, twice: false });
    }
  });
});

/** What became of it: the balances, and how the one transfer ended; the log itself is clean. */
async function outcomeOf({ world, wallets }: Prepared): Promise<unknown> {
  expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
  const node = transferNode(world);
  const ids = await transferIds(world.log);
  const transfers = await Promise.all(ids.map((id) => node.transfer(id)));
  const states = await Promise.all(wallets.map((walletId) => node.state(walletId)));
  return {
    transfers: transfers.map(({ kind, status, failure }) => ({ kind, status, code: failure?.code })),
    wallets: states.map(({ available, held, holds }) => ({ available, held, holds })),
  };
}
