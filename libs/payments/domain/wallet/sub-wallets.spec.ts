import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  after,
  closed,
  day,
  fen,
  hold,
  owner,
  push,
  pushed,
  rich,
  school,
  sub,
  tenant,
  token,
  walletId,
} from '#libs/testing/wallet-fixture.js';
import { walletDecider, type PlaceHold, type WalletCommand, type WalletEvent } from './index.js';
import { MOST_SUB_WALLETS } from './state.js';

describe('a sub-wallet', () => {
  const by = (id: string, amount: number, more: Partial<PlaceHold> = {}) =>
    hold(id, amount, { subWalletId: sub, organisationId: school, ...more });

  it('is pushed once per key', () => {
    spec(walletDecider).given(rich).when(push).then([pushed]);
    spec(walletDecider)
      .given([...rich, pushed])
      .when(push)
      .then([]);
    const other = { ...push, scene: 'shop' } as WalletCommand;
    spec(walletDecider)
      .given([...rich, pushed])
      .when(other)
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    spec(walletDecider)
      .given([...rich, pushed, closed])
      .when(push)
      .thenRejected({ code: 'SUB_WALLET_CLOSED' });
    for (const wrong of [
      { single: fen(0), day: fen(1) },
      { single: fen(2), day: fen(1) },
    ]) {
      spec(walletDecider)
        .given(rich)
        .when({ ...push, limits: wrong } as WalletCommand)
        .thenRejected({ code: 'INVALID_AMOUNT' });
    }
  });

  it('spends within its own limits and the wallet’s, and counts against both', () => {
    const history = after(rich, push, by('p1', 100));
    expect(history.at(-1)).toMatchObject({ data: { subWalletId: sub, businessDate: day } });
    expect(walletDecider.decide(by('p2', 51), fold(walletDecider, history))).toMatchObject({
      accepted: false,
      rejection: { code: 'LIMIT_EXCEEDED', details: { name: 'subWalletDay', remaining: '0.50' } },
    });
    const full = after(history, by('p2', 50), hold('p3', 200), hold('p4', 150));
    expect(walletDecider.decide(hold('p5', 1), fold(walletDecider, full))).toMatchObject({
      accepted: false,
      rejection: { details: { name: 'day', used: '5.00' } },
    });
    const givenBack = after(full, { kind: 'release', paymentId: asId('p1') });
    expect(walletDecider.decide(by('p6', 100), fold(walletDecider, givenBack))).toMatchObject({
      accepted: true,
    });
  });

  it('is found by its token, pays its own organisation alone, and nobody after it was closed', () => {
    const history = after(rich, push);
    const state = fold(walletDecider, history);
    const byToken = hold('p1', 10, { token, organisationId: school });
    expect(walletDecider.decide(byToken, state)).toMatchObject({
      accepted: true,
      events: [{ data: { subWalletId: sub } }],
    });
    for (const wrong of [
      { ...byToken, token: 'AAAAAAAAAAAAAAAA' },
      by('p1', 10, { organisationId: asId('school-2') }),
      by('p1', 10, { subWalletId: asId('s2') }),
      by('p1', 10, { token: 'AAAAAAAAAAAAAAAA' }),
    ]) {
      spec(walletDecider).given(history).when(wrong).thenRejected({ code: 'SUB_WALLET_CLOSED' });
    }
    spec(walletDecider)
      .given(history)
      .when({ kind: 'closeSubWallet', tenant, owner, subWalletId: sub })
      .then([closed]);
    for (const late of [by('p1', 1), byToken]) {
      spec(walletDecider)
        .given([...history, closed])
        .when(late)
        .thenRejected({ code: 'SUB_WALLET_CLOSED' });
    }
  });

  it('may be closed while it pays; what comes back then counts for nothing', () => {
    const history = after(rich, push, by('p1', 100), {
      kind: 'closeSubWallet',
      tenant,
      owner,
      subWalletId: sub,
    });
    const state = fold(walletDecider, after(history, { kind: 'release', paymentId: asId('p1') }));
    expect(state).toMatchObject({ available: 900n, held: 0n, subWallets: [], spent: { day: 0n, year: 0n } });
  });

  it('gets other limits at once', () => {
    const relimit: WalletCommand = {
      kind: 'relimitSubWallet',
      tenant,
      owner,
      subWalletId: sub,
      limits: { single: fen(50), day: fen(60) },
    };
    const relimited: WalletEvent = {
      type: 'SubWalletRelimited',
      data: { walletId, subWalletId: sub, single: fen(50), day: fen(60) },
    };
    spec(walletDecider)
      .given([...rich, pushed])
      .when(relimit)
      .then([relimited]);
    spec(walletDecider)
      .given([...rich, pushed, relimited])
      .when(relimit)
      .then([]);
    spec(walletDecider).given(rich).when(relimit).thenRejected({ code: 'SUB_WALLET_NOT_FOUND' });
    spec(walletDecider)
      .given([...rich, pushed, closed])
      .when(relimit)
      .thenRejected({ code: 'SUB_WALLET_CLOSED' });
    const history = after([...rich, pushed], by('p1', 100), relimit);
    expect(walletDecider.decide(by('p2', 1), fold(walletDecider, history))).toMatchObject({
      accepted: false,
      rejection: { details: { name: 'subWalletDay', used: '1.00', remaining: '0.00' } },
    });
  });

  it('is one of a bounded number', () => {
    const many = Array.from(
      { length: MOST_SUB_WALLETS },
      (_, index) => ({ ...push, subWalletId: asId(`many-${index}`) }) as WalletCommand,
    );
    const details = { limit: String(MOST_SUB_WALLETS) };
    spec(walletDecider)
      .given(after(rich, ...many))
      .when(push)
      .thenRejected({ code: 'TOO_MANY_SUB_WALLETS', details });
  });
});
