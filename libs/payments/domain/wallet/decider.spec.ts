import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '#libs/kernel/decider/index.js';
import { asId, type PaymentId } from '#libs/kernel/ids/index.js';
import { CNY, money, type Posting } from '#libs/kernel/money/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import { walletDecider, type WalletCommand, type WalletEvent, type WalletState } from './index.js';
import { ENDED_KEPT } from './state.js';

const fen = (amount: number | bigint) => money(CNY, BigInt(amount));
const walletId = asId<'wallet'>('w1');
const tenant = asId<'tenant'>('demo');
const owner = 'payer-1';
const first = asId<'payment'>('p1');
const second = asId<'payment'>('p2');
const limits = { singleTopUp: fen(1_000), balance: fen(1_500) };

const open: WalletCommand = { kind: 'open', walletId, tenant, owner, label: 'main', asset: CNY };
const opened: WalletEvent = {
  type: 'WalletOpened',
  data: { walletId, tenant, owner, label: 'main', asset: CNY },
};
const topUp = (topUpId: string, amount: number): WalletCommand => ({
  kind: 'topUp',
  tenant,
  owner,
  topUpId,
  amount: fen(amount),
  limits,
});
const posting = (source: string, destination: string, amount: number): Posting => ({
  source,
  destination,
  amount: fen(amount),
});
const toppedUp = (topUpId: string, amount: number, available = amount): WalletEvent => ({
  type: 'WalletToppedUp',
  data: {
    walletId,
    topUpId,
    amount: fen(amount),
    availableAfter: fen(available),
    postings: [posting('world:topup', 'wallet:w1', amount)],
  },
});
const hold = (paymentId: PaymentId, amount: number): WalletCommand => ({
  kind: 'hold',
  tenant,
  owner,
  paymentId,
  amount: fen(amount),
});
const figures = (paymentId: PaymentId, amount: number, available: number, held: number) => ({
  walletId,
  paymentId,
  amount: fen(amount),
  availableAfter: fen(available),
  heldAfter: fen(held),
});
const placed = (paymentId: PaymentId, amount: number, available: number, held = amount): WalletEvent => ({
  type: 'WalletHoldPlaced',
  data: {
    ...figures(paymentId, amount, available, held),
    postings: [posting('wallet:w1', `hold:${paymentId}`, amount)],
  },
});
const released = (paymentId: PaymentId, amount: number, available: number, held = 0): WalletEvent => ({
  type: 'WalletHoldReleased',
  data: {
    ...figures(paymentId, amount, available, held),
    postings: [posting(`hold:${paymentId}`, 'wallet:w1', amount)],
  },
});
const spent = (paymentId: PaymentId, amount: number, available: number, held = 0): WalletEvent => ({
  type: 'WalletHoldSpent',
  data: figures(paymentId, amount, available, held),
});
const barred = (paymentId: PaymentId): WalletEvent => ({
  type: 'WalletPaymentBarred',
  data: { walletId, paymentId },
});
const filled = [opened, toppedUp('t1', 1_000)];

describe('a wallet', () => {
  it('opens once', () => {
    spec(walletDecider).given([]).when(open).then([opened]);
    spec(walletDecider).given([opened]).when(open).then([]);
  });

  it('takes money in once per top-up', () => {
    spec(walletDecider)
      .given([opened])
      .when(topUp('t1', 700))
      .then([toppedUp('t1', 700)]);
    spec(walletDecider)
      .given(filled)
      .when(topUp('t2', 500))
      .then([toppedUp('t2', 500, 1_500)]);
    spec(walletDecider).given(filled).when(topUp('t1', 1_000)).then([]);
    spec(walletDecider).given(filled).when(topUp('t1', 999)).thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('refuses a top-up of nothing, of another currency, or above a limit', () => {
    spec(walletDecider).given(filled).when(topUp('t2', 0)).thenRejected({ code: 'INVALID_AMOUNT' });
    spec(walletDecider).given(filled).when(topUp('t2', -1)).thenRejected({ code: 'INVALID_AMOUNT' });
    const dollars = { ...topUp('t2', 1), amount: money('USD/2', 1n) } as WalletCommand;
    spec(walletDecider).given(filled).when(dollars).thenRejected({ code: 'INVALID_AMOUNT' });
    spec(walletDecider)
      .given([opened])
      .when(topUp('t1', 1_001))
      .thenRejected({ code: 'LIMIT_EXCEEDED', details: { name: 'single', limit: '10.00' } });
    spec(walletDecider)
      .given([...filled, placed(first, 400, 600)])
      .when(topUp('t2', 501))
      .thenRejected({ code: 'LIMIT_EXCEEDED', details: { name: 'balance', limit: '15.00' } });
  });

  it('promises money once, and never the same money twice', () => {
    spec(walletDecider)
      .given(filled)
      .when(hold(first, 600))
      .then([placed(first, 600, 400)]);
    const held = [...filled, placed(first, 600, 400)];
    spec(walletDecider).given(held).when(hold(first, 600)).then([]);
    spec(walletDecider)
      .given(held)
      .when(hold(second, 400))
      .then([placed(second, 400, 0, 1_000)]);
    spec(walletDecider)
      .given(held)
      .when(hold(second, 401))
      .thenRejected({ code: 'INSUFFICIENT_FUNDS', details: { available: '4.00', required: '4.01' } });
  });

  it('refuses a hold of nothing or of another currency', () => {
    const details = { available: '10.00', required: '0.00' };
    spec(walletDecider)
      .given(filled)
      .when(hold(first, 0))
      .thenRejected({ code: 'INSUFFICIENT_FUNDS', details });
    const dollars = { ...hold(first, 1), amount: money('USD/2', 1n) } as WalletCommand;
    spec(walletDecider)
      .given(filled)
      .when(dollars)
      .thenRejected({ code: 'INSUFFICIENT_FUNDS', details: { ...details, required: '0.01' } });
  });

  it('looks to strangers as if it were not there', () => {
    for (const command of [topUp('t2', 1), hold(first, 1)]) {
      spec(walletDecider).given([]).when(command).thenRejected({ code: 'WALLET_NOT_FOUND' });
      for (const change of [{ tenant: 'other' }, { owner: 'payer-2' }]) {
        const foreign = { ...command, ...change } as WalletCommand;
        spec(walletDecider).given(filled).when(foreign).thenRejected({ code: 'WALLET_NOT_FOUND' });
      }
    }
  });

  it('gives a hold back, or bars a payment that had none', () => {
    const release: WalletCommand = { kind: 'release', paymentId: first };
    const held = [...filled, placed(first, 600, 400)];
    spec(walletDecider)
      .given(held)
      .when(release)
      .then([released(first, 600, 1_000)]);
    spec(walletDecider)
      .given(filled)
      .when(release)
      .then([barred(first)]);
    for (const ended of [
      [...held, released(first, 600, 1_000)],
      [...filled, barred(first)],
    ]) {
      spec(walletDecider).given(ended).when(release).then([]);
      spec(walletDecider).given(ended).when(hold(first, 1)).thenRejected({ code: 'PAYMENT_ENDED' });
    }
    spec(walletDecider).given([]).when(release).then([]);
  });

  it('spends a hold once', () => {
    const spend: WalletCommand = { kind: 'spend', paymentId: first };
    const held = [...filled, placed(first, 600, 400)];
    spec(walletDecider)
      .given(held)
      .when(spend)
      .then([spent(first, 600, 400)]);
    const done = [...held, spent(first, 600, 400)];
    spec(walletDecider).given(done).when(spend).then([]);
    spec(walletDecider).given(done).when(hold(first, 1)).thenRejected({ code: 'PAYMENT_ENDED' });
    spec(walletDecider).given([]).when(spend).thenRejected({ code: 'WALLET_NOT_FOUND' });
  });

  it('remembers the newest ended payments only', () => {
    const many = Array.from({ length: ENDED_KEPT + 5 }, (_, index) => barred(asId(`e${index}`)));
    const state = fold(walletDecider, [opened, ...many]);
    expect(state.status === 'open' && state.ended.length).toBe(ENDED_KEPT);
    expect(state.status === 'open' && state.ended.at(-1)).toBe(`e${ENDED_KEPT + 4}`);
  });

  it.each<[string, readonly WalletEvent[]]>([
    ['opened twice', [opened, opened]],
    ['topped up before it was opened', [toppedUp('t1', 1)]],
    ['topped up with a wrong balance', [opened, toppedUp('t1', 1, 2)]],
    ['held beyond its balance', [...filled, placed(first, 1_001, -1)]],
    ['held twice for one payment', [...filled, placed(first, 1, 999), placed(first, 1, 998, 2)]],
    ['spent without a hold', [...filled, spent(first, 1, 1_000)]],
    ['released another amount', [...filled, placed(first, 2, 998), released(first, 1, 999, 1)]],
    ['held with a wrong balance', [...filled, placed(first, 600, 401)]],
  ])('cannot have been %s', (_what, history) => {
    spec(walletDecider).given(history).thenImpossible();
  });
});

describe('any sequence of commands', () => {
  const command = fc.record({
    act: fc.constantFrom('topUp', 'hold', 'hold', 'release', 'spend'),
    of: fc.integer({ min: 0, max: 7 }),
    amount: fc.integer({ min: -10, max: 1_200 }),
  });

  it('keeps the wallet at or above zero, and its balance the fold of the postings', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
        let state: WalletState = fold(walletDecider, [opened]);
        let walletAccount = 0n;
        const captured = new Set<PaymentId>();
        for (const { act, of, amount } of commands) {
          const paymentId = asId<'payment'>(`p${of}`);
          // A payment that was captured is never released: its stream rules that out.
          if (act === 'release' && captured.has(paymentId)) continue;
          if (act === 'spend') captured.add(paymentId);
          const asked =
            act === 'topUp'
              ? topUp(`t${of}`, amount)
              : act === 'hold'
                ? hold(paymentId, amount)
                : ({ kind: act, paymentId } as WalletCommand);
          const decision = walletDecider.decide(asked, state);
          const events = decision.accepted ? decision.events : [];
          for (const event of events) {
            state = walletDecider.evolve(state, event);
            walletAccount += movedBy(event);
          }
          if (state.status !== 'open') throw new Error('The wallet is gone.');
          expect(state.available).toBeGreaterThanOrEqual(0n);
          expect(state.held).toBe(state.holds.reduce((sum, one) => sum + one.amount, 0n));
          expect(state.available).toBe(walletAccount);
          expect(state.available + state.held).toBeLessThanOrEqual(limits.balance.amount);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function movedBy(event: WalletEvent): bigint {
  if (!('postings' in event.data)) return 0n;
  return event.data.postings.reduce((sum, { source, destination, amount }) => {
    if (destination === 'wallet:w1') return sum + amount.amount;
    return source === 'wallet:w1' ? sum - amount.amount : sum;
  }, 0n);
}
