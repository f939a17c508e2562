import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { addDays, parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import {
  walletDecider,
  WALLET_TIERS,
  type LimitsByTier,
  type WalletCommand,
  type WalletEvent,
  type WalletState,
} from './index.js';

const tenant = asId<'tenant'>('demo');
const owner = 'payer-1';
const walletId = asId<'wallet'>('w1');
const at = parseInstant('2026-12-30T00:00:00Z');
const first = parseLocalDate('2026-12-30');
const school = asId<'organisation'>('school-1');
const fen = (amount: number) => money(CNY, BigInt(amount));
const limits: LimitsByTier = {
  IV: { balance: 900n, single: 100n, day: 250n, year: 400n },
  III: { balance: 1_500n, single: 200n, day: 400n },
  II: { balance: 3_000n, single: 400n, day: 700n },
  I: {},
};

const act = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('hold' as const) },
    {
      weight: 8,
      arbitrary: fc.constantFrom('credit' as const, 'release' as const, 'spend' as const, 'push' as const),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('relimit' as const, 'close' as const, 'freeze' as const, 'upgrade' as const),
    },
    { weight: 1, arbitrary: fc.constant('thaw' as const) },
  ),
  of: fc.integer({ min: 0, max: 19 }),
  amount: fc.integer({ min: -5, max: 150 }),
  /** Processes see midnight at different moments: days come out of order. */
  day: fc.integer({ min: 0, max: 3 }),
  sub: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
});
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

function commandOf({ kind, of, amount, day, sub }: Act): WalletCommand {
  const paymentId = asId<'payment'>(`p${of}`);
  const subWalletId = asId<'subWallet'>(`s${sub ?? 0}`);
  const own = { single: fen(Math.max(1, amount)), day: fen(Math.max(1, amount) * 2) };
  switch (kind) {
    case 'credit':
      return { kind, tenant, creditId: `c${of}`, amount: fen(amount * 4), source: 'clearing:refund', limits };
    case 'hold': {
      const businessDate = addDays(first, day);
      const hold = { kind, tenant, owner, paymentId, amount: fen(amount), limits, businessDate } as const;
      return sub === undefined ? hold : { ...hold, subWalletId, organisationId: school };
    }
    case 'release':
    case 'spend':
      return { kind, paymentId };
    case 'push':
      return {
        kind: 'pushSubWallet',
        tenant,
        owner,
        subWalletId,
        token: `TOKEN${sub}`,
        organisationId: school,
        limits: own,
        at,
      };
    case 'relimit':
      return { kind: 'relimitSubWallet', tenant, owner, subWalletId, limits: own };
    case 'close':
      return { kind: 'closeSubWallet', tenant, owner, subWalletId };
    case 'freeze':
    case 'thaw':
      return { kind, tenant, reason: 'x', at };
    case 'upgrade': {
      // Rarely the tier without limits, which would hide the others.
      const tier = WALLET_TIERS[of === 19 ? 3 : of % 3]!;
      const identity = { subjectId: asId<'subject'>('u'), name: 'x', number: 'x' };
      return { kind: 'upgrade', tenant, owner, tier, identity };
    }
  }
}

/** Everything that the log alone says, recounted from nothing after every event. */
class Recount {
  wallet = 0n;
  readonly holds = new Map<string, bigint>();
  readonly counted = new Map<string, bigint>();
  readonly subLimits = new Map<string, { single: bigint; day: bigint }>();
  tier: (typeof WALLET_TIERS)[number] = 'IV';
  frozen = false;

  take(event: WalletEvent): void {
    if ('postings' in event.data) {
      for (const { source, destination, amount } of event.data.postings) {
        expect(amount.amount).toBeGreaterThan(0n);
        if (source === 'wallet:w1') this.wallet -= amount.amount;
        if (destination === 'wallet:w1') this.wallet += amount.amount;
        const hold = source.startsWith('hold:')
          ? source
          : destination.startsWith('hold:')
            ? destination
            : undefined;
        if (hold) this.#add(this.holds, hold, destination === hold ? amount.amount : -amount.amount);
      }
    }
    const { type, data } = event;
    if (type === 'WalletUpgraded') this.tier = data.to;
    if (type === 'WalletFrozen') this.frozen = true;
    if (type === 'WalletThawed') this.frozen = false;
    if (type === 'SubWalletPushed' || type === 'SubWalletRelimited') {
      this.subLimits.set(data.subWalletId, { single: data.single.amount, day: data.day.amount });
    }
    if (type === 'SubWalletClosed') this.subLimits.delete(data.subWalletId);
    if (type === 'WalletHoldPlaced') this.#placed(data);
    if (type === 'WalletHoldReleased') this.#count(data, -data.amount.amount);
    if (type === 'WalletCredited') {
      const balance = this.wallet + this.#held();
      expect(balance).toBeLessThanOrEqual(limits[this.tier].balance ?? balance);
    }
  }

  #placed(data: Extract<WalletEvent, { type: 'WalletHoldPlaced' }>['data']): void {
    expect(this.frozen).toBe(false);
    const amount = data.amount.amount;
    this.#count(data, amount);
    const day = data.businessDate!;
    const { single = amount, day: daily, year } = limits[this.tier];
    expect(amount).toBeLessThanOrEqual(single);
    if (daily !== undefined) expect(this.counted.get(day)).toBeLessThanOrEqual(daily);
    if (year !== undefined) expect(this.counted.get(day.slice(0, 4))).toBeLessThanOrEqual(year);
    if (!data.subWalletId) return;
    const own = this.subLimits.get(data.subWalletId);
    expect(own).toBeDefined();
    expect(amount).toBeLessThanOrEqual(own!.single);
    expect(this.counted.get(`${data.subWalletId} ${day}`)).toBeLessThanOrEqual(own!.day);
  }

  #count(
    { businessDate, subWalletId }: { businessDate?: string; subWalletId?: string },
    amount: bigint,
  ): void {
    const day = businessDate!;
    this.#add(this.counted, day, amount);
    this.#add(this.counted, day.slice(0, 4), amount);
    if (subWalletId) this.#add(this.counted, `${subWalletId} ${day}`, amount);
  }

  #held(): bigint {
    return [...this.holds.values()].reduce((sum, one) => sum + one, 0n);
  }

  #add(to: Map<string, bigint>, key: string, amount: bigint): void {
    to.set(key, (to.get(key) ?? 0n) + amount);
  }
}

describe('any sequence of commands on a wallet', () => {
  it('keeps every limit, never promises what is not there, and leaves no trace when refused', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 10, maxLength: 80, size: 'max' }), (acts) => {
        const open = { kind: 'open', walletId, tenant, owner, label: 'main', asset: CNY } as const;
        const holder = { subjectId: asId<'subject'>('u'), name: 'x', phone: '10000000001' };
        const opened = walletDecider.decide({ ...open, holder }, walletDecider.initial);
        if (!opened.accepted) throw new Error('not opened');
        let state: WalletState = opened.events.reduce(walletDecider.evolve, walletDecider.initial);
        const recount = new Recount();
        const captured = new Set<string>();
        for (const one of acts) {
          const command = commandOf(one);
          // A payment that was captured is never released: its stream rules that out. Its money leaves the hold by the capture.
          if (command.kind === 'release' && captured.has(command.paymentId)) continue;
          const before = state;
          const decision = walletDecider.decide(command, state);
          if (!decision.accepted) {
            expect(state).toBe(before);
            continue;
          }
          for (const event of decision.events) {
            state = walletDecider.evolve(state, event);
            recount.take(event);
            if (event.type === 'WalletHoldSpent') recount.holds.delete(`hold:${event.data.paymentId}`);
          }
          if (command.kind === 'spend') captured.add(command.paymentId);
          if (state.status === 'absent') throw new Error('The wallet is gone.');
          expect(state.available).toBeGreaterThanOrEqual(0n);
          expect(state.available).toBe(recount.wallet);
          expect(state.held).toBe(state.holds.reduce((sum, hold) => sum + hold.amount, 0n));
          expect(state.held).toBe([...recount.holds.values()].reduce((sum, hold) => sum + hold, 0n));
        }
      }),
      { numRuns: 300, seed: 20_260_901 },
    );
  });
});
