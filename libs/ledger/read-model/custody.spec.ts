import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Logger } from '@nestjs/common';
import { CNY, money } from '#libs/kernel/money/index.js';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import { encodePosition } from '#libs/event-log/port/index.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import { custodyProjection } from './custody-projection.js';
import { CustodyWorld } from '#libs/testing/custody-world.js';
import { auditorOf, type Move } from '#libs/testing/ledger-world.js';

const fen = (amount: number | bigint) => money(CNY, BigInt(amount));

let world: CustodyWorld;
beforeEach(async () => {
  world = new CustodyWorld();
  await world.start();
});
afterEach(() => world.close());

const paidIn = (contractId: string, minor: bigint): Move => [
  'clearing:funding',
  `custody:${contractId}`,
  minor,
];
const paidOut = (contractId: string, minor: bigint): Move => [
  `custody:${contractId}`,
  'org:s:payable',
  minor,
];

describe('custody', () => {
  it('is what the contracts say, beside what lies between them and the others', async () => {
    await world.move([['world:topup', 'clearing:funding', 1_000n]]);
    await world.state('c1', 0n, []);
    await world.state('c1', 700n, [paidIn('c1', 700n)]);
    await world.state('c1', 500n, [
      ['custody:c1', 'org:s:payable', 150n],
      ['custody:c1', 'clearing:payout', 50n],
    ]);
    await world.state('c2', 100n, [paidIn('c2', 100n)]);
    expect(await world.check()).toEqual({
      contracts: 2,
      held: fen(600),
      posted: fen(600),
      ledger: fen(600),
      apart: 0,
      breachCount: 0,
      breaches: [],
      fundingClearing: fen(200),
      payoutClearing: fen(50),
    });
  });

  it('is shown to auditors and operators of the whole tenant alone', async () => {
    const { caller } = auditorOf();
    expect(await world.check({ ...caller, roles: ['payer'] })).toBeUndefined();
    expect(await world.check({ ...caller, organisation: 's' as never })).toBeUndefined();
    expect(await world.check({ ...caller, roles: ['ops'] })).toMatchObject({ contracts: 0 });
  });

  it('tells of a posting by somebody else and of totals that lie, with their place', async () => {
    await world.state('c1', 700n, [paidIn('c1', 700n)]);
    await world.move([paidOut('c1', 200n)]);
    await world.state('c2', 90n, [paidIn('c2', 100n)]);
    await world.state('c2', 100n, []);
    const check = await world.check();
    expect(check).toMatchObject({ held: fen(800), posted: fen(600), ledger: fen(600), apart: 1 });
    expect(check?.breaches.map(({ position: _position, ...breach }) => breach)).toEqual([
      { contractId: 'c1', kind: 'FOREIGN_POSTING', eventType: 'MoneyMoved', amount: fen(-200) },
      { contractId: 'c2', kind: 'DIFFERENCE', eventType: 'ContractStated', amount: fen(10) },
      { contractId: 'c2', kind: 'DIFFERENCE', eventType: 'ContractStated', amount: fen(-10) },
    ]);
  });

  it('judges events that come again, after a commit that failed, as the first time', () => {
    const projection = custodyProjection([]);
    const breaches: unknown[] = [];
    const view = new Proxy({} as ViewWriter, {
      get: (_target, operation) => (table: string, row: unknown) => {
        if (operation === 'put' && table === 'custody_breach') breaches.push(row);
      },
    });
    const event = (revision: number, held: bigint, minor: bigint): DecodedEvent => {
      const move = { source: 'clearing:funding', destination: 'custody:c1', amount: fen(minor) };
      const data = { asset: CNY, totals: { held }, postings: minor === 0n ? [] : [move] };
      const metadata = { tenant: 'tenant-1' } as DecodedEvent['metadata'];
      const place = {
        id: `e${revision}`,
        stream: 'contract-c1',
        revision,
        position: encodePosition(revision),
      };
      return { event: { type: 'ContractStated', data }, recordedAt: '', metadata, ...place };
    };
    const events = [event(0, 0n, 0n), event(1, 700n, 700n), event(2, 900n, 200n)];
    for (const each of [...events, ...events.slice(1)]) projection.project(each, view);
    expect(breaches).toEqual([]);
    projection.project(event(3, 901n, 0n), view);
    expect(breaches).toMatchObject([{ amount_minor: -1n, event_type: 'ContractStated', position: '3' }]);
  });

  it('raises the alarm once for every growth of what is wrong', async () => {
    const alarms: unknown[] = [];
    const spy = Logger.overrideLogger.bind(Logger);
    spy({ log() {}, warn() {}, error: (message: unknown) => void alarms.push(message) });
    try {
      const monitor = world.monitor();
      await monitor.start();
      await world.state('c1', 700n, [paidIn('c1', 700n)]);
      await world.check();
      await monitor.look();
      expect([alarms, monitor.figures]).toEqual([[], { breaches: 0, apart: 0 }]);
      await world.move([paidOut('c1', 200n)]);
      await world.check();
      await monitor.look();
      await monitor.look();
      expect(monitor.figures).toEqual({ breaches: 1, apart: 1 });
      expect(alarms).toEqual([expect.stringMatching(/1 breaches, 1 contracts apart/)]);
      await monitor.stop();
    } finally {
      Logger.overrideLogger(new Logger());
    }
  });
});

/** What happens to a contract: money in or out, or nothing; `lie` is what its totals say beside that, `theft` what another takes. */
interface Step {
  readonly contractId: string;
  readonly minor: bigint;
  readonly lie: bigint;
  readonly theft: bigint;
  readonly restart: boolean;
}

const amounts = fc.bigInt({ min: -5n, max: 9n });
const stepsWith = (faults: fc.Arbitrary<Pick<Step, 'lie' | 'theft'>>, restart: fc.Arbitrary<boolean>) =>
  fc.array(
    fc
      .record({ contractId: fc.constantFrom('a', 'b'), minor: amounts, fault: faults, restart })
      .map(({ fault, ...step }): Step => ({ ...step, ...fault })),
    { minLength: 1, maxLength: 14 },
  );
const sound = fc.constant({ lie: 0n, theft: 0n });
const seldom = fc.oneof(
  { weight: 6, arbitrary: sound },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 3n }).map((lie) => ({ lie, theft: 0n })) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 3n }).map((theft) => ({ lie: 0n, theft })) },
);

/** Plays the steps; answers the events after which contract and account had gone apart, by a fold of its own. */
async function play(
  given: CustodyWorld,
  steps: readonly Step[],
): Promise<{ breaches: number; apart: number }> {
  const held = new Map<string, bigint>();
  const posted = new Map<string, bigint>();
  const said = new Map<string, bigint>();
  let breaches = 0;
  for (const { contractId, minor, lie, theft, restart } of steps) {
    if (restart) {
      await given.consumers!.caughtUp();
      await given.start();
    }
    const before = held.get(contractId) ?? 0n;
    const moved = before + minor < 0n ? -before : minor;
    held.set(contractId, before + moved);
    const off = (said.get(contractId) ?? 0n) - (posted.get(contractId) ?? 0n);
    posted.set(contractId, (posted.get(contractId) ?? 0n) + moved);
    said.set(contractId, before + moved + lie);
    const now = said.get(contractId)! - posted.get(contractId)!;
    if (now !== off) breaches += 1;
    const moves = moved > 0n ? [paidIn(contractId, moved)] : moved < 0n ? [paidOut(contractId, -moved)] : [];
    await given.state(contractId, before + moved + lie, moves);
    if (theft === 0n) continue;
    await given.move([paidOut(contractId, theft)]);
    posted.set(contractId, posted.get(contractId)! - theft);
    breaches += 1;
  }
  const apart = [...said].filter(([contractId, says]) => says !== posted.get(contractId)).length;
  return { breaches, apart };
}

async function eachHistory(
  steps: fc.Arbitrary<readonly Step[]>,
  check: (taken: readonly Step[]) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(steps, check).beforeEach(async () => {
    await world.close();
    world = new CustodyWorld();
    await world.start();
  });
  await fc.assert(property, { numRuns: 25, seed: 11 });
}

describe('the custody of any contracts', () => {
  it('has no breach while they are sound, whatever is restarted and rebuilt', async () => {
    await eachHistory(stepsWith(sound, fc.boolean()), async (steps) => {
      expect(await play(world, steps)).toEqual({ breaches: 0, apart: 0 });
      expect(await world.check()).toMatchObject({ breachCount: 0, apart: 0 });
      await world.rebuild();
      expect(await world.check()).toMatchObject({ breachCount: 0, apart: 0 });
    });
  });

  it('shows every event by which one goes apart, and every foreign posting', async () => {
    await eachHistory(stepsWith(seldom, fc.constant(false)), async (steps) => {
      const { breaches, apart } = await play(world, steps);
      expect(await world.check()).toMatchObject({ breachCount: breaches, apart });
    });
  });

  it('shows after restarts what is apart at the time, and after a rebuild everything', async () => {
    await eachHistory(stepsWith(seldom, fc.boolean()), async (steps) => {
      const { breaches, apart } = await play(world, steps);
      expect(await world.check()).toMatchObject({ apart });
      await world.rebuild();
      expect(await world.check()).toMatchObject({ breachCount: breaches, apart });
    });
  });
});
