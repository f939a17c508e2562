/** One wallet of tier IV with nine yuan in it, small limits and a sub-wallet; for the specs of the wallet's decider. */
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money, type Posting } from '#libs/kernel/money/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import {
  walletDecider,
  type LimitsByTier,
  type PlaceHold,
  type WalletCommand,
  type WalletEvent,
} from '#libs/payments/domain/wallet/index.js';

export const fen = (amount: number) => money(CNY, BigInt(amount));
export const walletId = asId<'wallet'>('w1');
export const tenant = asId<'tenant'>('demo');
export const owner = 'payer-1';
export const at = parseInstant('2026-09-01T00:00:00Z');
export const day = parseLocalDate('2026-09-01');
export const school = asId<'organisation'>('school-1');
export const sub = asId<'subWallet'>('s1');
export const token = '7K3M9PQRST2V4WXY';
export const limits: LimitsByTier = {
  IV: { balance: 1_000n, single: 200n, day: 500n, year: 2_000n },
  III: { balance: 2_000n, single: 500n, day: 1_000n },
  II: { balance: 50_000n, single: 5_000n, day: 10_000n },
  I: {},
};
export const holder = { subjectId: asId<'subject'>('subject-1'), name: '学生0001', phone: '10000000001' };
export const identity = { subjectId: holder.subjectId, name: holder.name, number: '999999201001010017' };
export const open: WalletCommand = { kind: 'open', walletId, tenant, owner, label: 'main', asset: CNY };
export const opened: WalletEvent = {
  type: 'WalletOpened',
  data: { walletId, tenant, owner, label: 'main', asset: CNY, tier: 'IV', institutionId: 'demo-bank-1' },
};
const posting = (source: string, destination: string, amount: number): Posting => ({
  source,
  destination,
  amount: fen(amount),
});
export const credited = (creditId: string, amount: number, available = amount): WalletEvent => ({
  type: 'WalletCredited',
  data: {
    walletId,
    creditId,
    amount: fen(amount),
    source: 'clearing:refund',
    availableAfter: fen(available),
    postings: [posting('clearing:refund', 'wallet:w1', amount)],
  },
});
export const credit = (creditId: string, amount: number, more: object = {}): WalletCommand => ({
  kind: 'credit',
  tenant,
  creditId,
  amount: fen(amount),
  source: 'clearing:refund',
  ...more,
});
export const hold = (id: string, amount: number, more: Partial<PlaceHold> = {}): PlaceHold => ({
  kind: 'hold',
  tenant,
  owner,
  paymentId: asId(id),
  amount: fen(amount),
  limits,
  businessDate: day,
  ...more,
});
export const push: WalletCommand = {
  kind: 'pushSubWallet',
  tenant,
  owner,
  subWalletId: sub,
  token,
  organisationId: school,
  scene: 'canteen',
  limits: { single: fen(100), day: fen(150) },
  at,
};
export const pushed: WalletEvent = {
  type: 'SubWalletPushed',
  data: {
    walletId,
    subWalletId: sub,
    token,
    organisationId: school,
    scene: 'canteen',
    single: fen(100),
    day: fen(150),
    pushedAt: at,
  },
};
export const closed: WalletEvent = { type: 'SubWalletClosed', data: { walletId, subWalletId: sub } };
export const rich = [opened, credited('c1', 900)];

/** The history after the commands, each of which must be accepted. */
export function after(
  history: readonly WalletEvent[],
  ...commands: readonly WalletCommand[]
): readonly WalletEvent[] {
  const events = [...history];
  let state = fold(walletDecider, events);
  for (const command of commands) {
    const decision = walletDecider.decide(command, state);
    if (!decision.accepted) throw new Error(`${command.kind}: ${decision.rejection.code}`);
    events.push(...decision.events);
    state = decision.events.reduce(walletDecider.evolve, state);
  }
  return events;
}
