import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import { localDateOf, parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  after,
  at,
  credit,
  credited,
  fen,
  hold,
  holder,
  identity,
  limits,
  open,
  opened,
  owner,
  rich,
  tenant,
  walletId,
} from '#libs/testing/wallet-fixture.js';
import { walletDecider, type WalletCommand, type WalletEvent } from './index.js';

describe('the holder of a wallet', () => {
  it('is registered at opening, and the wallet begins at tier IV', () => {
    const registered: WalletEvent = { type: 'WalletHolderRegistered', data: { walletId, ...holder } };
    const command = { ...open, holder, institutionId: 'demo-bank-1' } as WalletCommand;
    spec(walletDecider).given([]).when(command).then([opened, registered]);
    spec(walletDecider).given([opened, registered]).when(command).then([]);
  });

  it('is known better and better, never less', () => {
    const upgrade: WalletCommand = { kind: 'upgrade', tenant, owner, tier: 'II', identity };
    const upgraded: WalletEvent = {
      type: 'WalletUpgraded',
      data: { walletId, from: 'IV', to: 'II', identity },
    };
    spec(walletDecider).given([opened]).when(upgrade).then([upgraded]);
    for (const tier of ['II', 'III', 'IV'] as const) {
      spec(walletDecider)
        .given([opened, upgraded])
        .when({ ...upgrade, tier })
        .then([]);
    }
    spec(walletDecider)
      .given([opened])
      .when({ ...upgrade, owner: 'payer-2' })
      .thenRejected({ code: 'WALLET_NOT_FOUND' });
  });

  it('keeps nothing of the person in what is remembered', () => {
    const state = fold(
      walletDecider,
      after([], { ...open, holder } as WalletCommand, {
        kind: 'upgrade',
        tenant,
        owner,
        tier: 'III',
        identity,
      }),
    );
    const text = JSON.stringify(state, (_, part: unknown) =>
      typeof part === 'bigint' ? part.toString() : part,
    );
    for (const personal of [holder.name, holder.phone, identity.number]) expect(text).not.toContain(personal);
  });
});

describe('a credit', () => {
  it('comes in once, for good, whether the wallet is frozen or not', () => {
    spec(walletDecider)
      .given([opened])
      .when(credit('c1', 900))
      .then([credited('c1', 900)]);
    spec(walletDecider).given(rich).when(credit('c1', 900)).then([]);
    spec(walletDecider).given(rich).when(credit('c1', 901)).thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    const frozen = after(rich, { kind: 'freeze', tenant, reason: 'lost', at });
    spec(walletDecider)
      .given(frozen)
      .when(credit('c2', 1))
      .then([credited('c2', 1, 901)]);
    const many = Array.from({ length: 2_000 }, (_, index) => credit(`x${index}`, 1));
    const state = fold(walletDecider, after([opened], ...many));
    expect(state.status === 'open' && state.available).toBe(2_000n);
  });

  it('meets the balance limit only where one is given', () => {
    spec(walletDecider)
      .given(rich)
      .when(credit('c2', 101))
      .then([credited('c2', 101, 1_001)]);
    spec(walletDecider)
      .given(rich)
      .when(credit('c2', 100, { limits }))
      .then([credited('c2', 100, 1_000)]);
    spec(walletDecider)
      .given(rich)
      .when(credit('c2', 101, { limits }))
      .thenRejected({
        code: 'LIMIT_EXCEEDED',
        details: {
          name: 'balance',
          limit: '10.00',
          used: '9.00',
          remaining: '1.00',
          suggestion: 'UPGRADE',
          tier: 'III',
        },
      });
  });

  it('of nothing, of another currency or for another tenant is refused', () => {
    spec(walletDecider).given(rich).when(credit('c2', 0)).thenRejected({ code: 'INVALID_AMOUNT' });
    spec(walletDecider)
      .given(rich)
      .when(credit('c2', 1, { amount: money('USD/2', 1n) }))
      .thenRejected({ code: 'INVALID_AMOUNT' });
    spec(walletDecider)
      .given(rich)
      .when(credit('c2', 1, { tenant: 'other' }))
      .thenRejected({ code: 'WALLET_NOT_FOUND' });
    spec(walletDecider).given([]).when(credit('c2', 1)).thenRejected({ code: 'WALLET_NOT_FOUND' });
  });
});

describe('limits of a wallet', () => {
  it('count holds from the moment they are placed, and give back what is released on the same day', () => {
    const history = after(rich, hold('p1', 200), hold('p2', 200));
    const code = 'LIMIT_EXCEEDED';
    const details = {
      name: 'day',
      limit: '5.00',
      used: '4.00',
      remaining: '1.00',
      suggestion: 'WAIT',
      until: '2026-09-02',
    };
    spec(walletDecider).given(history).when(hold('p3', 101)).thenRejected({ code, details });
    expect(after(history, { kind: 'release', paymentId: asId('p1') }, hold('p3', 200))).toHaveLength(
      history.length + 2,
    );
    const spent = after(history, { kind: 'spend', paymentId: asId('p1') });
    spec(walletDecider).given(spent).when(hold('p3', 101)).thenRejected({ code, details });
  });

  it('of a day end at midnight in Shanghai', () => {
    const before = localDateOf(parseInstant('2026-09-01T15:59:59.999Z'));
    const midnight = localDateOf(parseInstant('2026-09-01T16:00:00.000Z'));
    const history = after(
      rich,
      hold('p1', 200, { businessDate: before }),
      hold('p2', 200, { businessDate: before }),
    );
    const third = hold('p3', 200, { businessDate: before });
    expect(walletDecider.decide(third, fold(walletDecider, history))).toMatchObject({ accepted: false });
    expect(after(history, { ...third, businessDate: midnight }).at(-1)).toMatchObject({
      data: { businessDate: '2026-09-02' },
    });
  });

  it('of a day that was left behind are counted on the new one', () => {
    const next = parseLocalDate('2026-09-02');
    const history = after(rich, hold('p1', 200, { businessDate: next }), hold('p2', 100));
    expect(history.at(-1)).toMatchObject({ type: 'WalletHoldPlaced', data: { businessDate: next } });
    const third = hold('p3', 201, { businessDate: next });
    expect(walletDecider.decide({ ...third, amount: fen(200) }, fold(walletDecider, history))).toMatchObject({
      accepted: true,
    });
    const full = after(history, { ...third, amount: fen(200) });
    expect(walletDecider.decide(hold('p4', 1), fold(walletDecider, full))).toMatchObject({ accepted: false });
  });

  it('of a year count through its days and end with it', () => {
    const days = Array.from({ length: 10 }, (_, index) => parseLocalDate(`2026-12-${20 + index}`));
    const spending = days.flatMap((businessDate, index) => [
      credit(`y${index}`, 200),
      hold(`p${index}`, 200, { businessDate }),
      { kind: 'spend', paymentId: asId<'payment'>(`p${index}`) } as const,
    ]);
    const history = after(rich, ...spending);
    const last = hold('last', 1, { businessDate: parseLocalDate('2026-12-31') });
    expect(walletDecider.decide(last, fold(walletDecider, history))).toMatchObject({
      accepted: false,
      rejection: { details: { name: 'year', used: '20.00' } },
    });
    const newYear = { ...last, businessDate: parseLocalDate('2027-01-01') };
    // What the old year gives back is not the new year's.
    const released = after(
      after([...rich, credited('c2', 5_000, 5_900)], hold('old', 200, { businessDate: days[0] })),
      hold('new', 200, { businessDate: newYear.businessDate }),
      { kind: 'release', paymentId: asId('old') },
    );
    expect(fold(walletDecider, released)).toMatchObject({ spent: { day: 200n, year: 200n } });
    expect(walletDecider.decide(newYear, fold(walletDecider, history))).toMatchObject({ accepted: true });
  });

  it('of a wallet opened without a holder are those of tier II', () => {
    const demo = after([], open, credit('c1', 20_000));
    expect(walletDecider.decide(hold('p1', 5_000), fold(walletDecider, demo))).toMatchObject({
      accepted: true,
    });
    expect(walletDecider.decide(hold('p1', 5_001), fold(walletDecider, demo))).toMatchObject({
      accepted: false,
      rejection: { details: { limit: '50.00' } },
    });
  });

  it('grow with an upgrade at once', () => {
    const history = after(rich, { kind: 'upgrade', tenant, owner, tier: 'III', identity });
    expect(walletDecider.decide(hold('p1', 500), fold(walletDecider, history))).toMatchObject({
      accepted: true,
    });
  });
});

describe('a frozen wallet', () => {
  const freeze: WalletCommand = { kind: 'freeze', tenant, reason: 'lost phone', at };
  const frozen: WalletEvent = {
    type: 'WalletFrozen',
    data: { walletId, reason: 'lost phone', frozenAt: at },
  };
  const thawed: WalletEvent = { type: 'WalletThawed', data: { walletId, reason: 'found', thawedAt: at } };

  it('lets nothing new out until it is thawed, and keeps what was promised', () => {
    const held = after(rich, hold('p1', 100));
    spec(walletDecider).given(held).when(freeze).then([frozen]);
    spec(walletDecider)
      .given([...held, frozen])
      .when(freeze)
      .then([]);
    spec(walletDecider)
      .given([...held, frozen])
      .when(hold('p2', 1))
      .thenRejected({ code: 'WALLET_FROZEN' });
    spec(walletDecider)
      .given([...held, frozen])
      .when(hold('p1', 100))
      .then([]);
    expect(after([...held, frozen], { kind: 'spend', paymentId: asId('p1') }).at(-1)).toMatchObject({
      type: 'WalletHoldSpent',
    });
    spec(walletDecider)
      .given([...held, frozen])
      .when({ ...freeze, kind: 'thaw', reason: 'found' })
      .then([thawed]);
    expect(after([...held, frozen, thawed], hold('p2', 1)).at(-1)).toMatchObject({
      type: 'WalletHoldPlaced',
    });
    spec(walletDecider)
      .given(rich)
      .when({ ...freeze, tenant: asId('other') })
      .thenRejected({ code: 'WALLET_NOT_FOUND' });
  });
});
