import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money, posting } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  contractOriginsDecider,
  type ContractOriginsCommand,
  type ContractOriginsEvent,
  type ContractOriginsState,
  type Origin,
} from './index.js';

const fen = (amount: number | bigint) => money(CNY, BigInt(amount));
const at = parseInstant('2026-09-01T03:00:00.000Z');
const contractId = asId<'contract'>('k1');
const tenant = asId<'tenant'>('demo');
const byPayment = (id: string): Origin => ({ kind: 'payment', paymentId: asId(id) });
const byContract: Origin = { kind: 'contract', contractId: asId('k0') };

function recorded(depositId: string, origin: Origin, amount: number): ContractOriginsEvent {
  const data = { contractId, tenant, depositId, origin, amount: fen(amount), recordedAt: at };
  return { type: 'ContractOriginRecorded', data };
}

function record(depositId: string, amount: number): ContractOriginsCommand {
  const deposit = { contractId, tenant, depositId, origin: byPayment('p1'), amount: fen(amount) };
  return { kind: 'record', ...deposit, at };
}

function giveBack(payoutId: string, amount: number, role = 'payer'): ContractOriginsCommand {
  return { kind: 'return', contractId, tenant, payoutId, role, amount: fen(amount), at };
}

const three = [
  recorded('d1', byPayment('p1'), 500),
  recorded('d2', byContract, 200),
  recorded('d3', byPayment('p2'), 100),
];
const origins = spec(contractOriginsDecider);

describe('what a contract gives back', () => {
  it('goes to the youngest deposits first, and through the clearing of funding to other contracts', () => {
    const data = {
      contractId,
      payoutId: 'x1',
      role: 'payer',
      amount: fen(350),
      parts: [
        { depositId: 'd3', origin: byPayment('p2'), amount: fen(100) },
        { depositId: 'd2', origin: byContract, amount: fen(200) },
        { depositId: 'd1', origin: byPayment('p1'), amount: fen(50) },
      ],
      unknown: fen(0),
      postings: [posting('clearing:payout', 'clearing:funding', fen(200))],
      plannedAt: at,
    };
    origins
      .given(three)
      .when(giveBack('x1', 350))
      .then([{ type: 'ContractReturnPlanned', data }]);
  });

  it('is planned once', () => {
    const plan = contractOriginsDecider.decide(giveBack('x1', 350), stateOf(three));
    const history = [...three, ...eventsOf(plan)];
    origins.given(history).when(giveBack('x1', 350)).then([]);
    origins.given(history).when(giveBack('x1', 351)).thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    const next = eventsOf(contractOriginsDecider.decide(giveBack('x1', 460, 'school'), stateOf(history)));
    expect(next).toMatchObject([
      { data: { parts: [{ depositId: 'd1', amount: fen(450) }], unknown: fen(10), postings: [] } },
    ]);
  });

  it('records a deposit once', () => {
    origins.given(three).when(record('d1', 500)).then([]);
    origins.given(three).when(record('d1', 501)).thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('is never more to one origin than came from it, and all of it has a place', () => {
    const steps = fc.array(fc.record({ deposit: fc.boolean(), amount: fc.integer({ min: 1, max: 40 }) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(steps, (taken) => {
        let state = contractOriginsDecider.initial;
        const back = new Map<string, bigint>();
        const came = new Map<string, bigint>();
        let known = 0n;
        for (const [index, { deposit, amount }] of taken.entries()) {
          const command = deposit ? record(`d${index}`, amount) : giveBack(`x${index}`, amount);
          for (const event of eventsOf(contractOriginsDecider.decide(command, state))) {
            state = contractOriginsDecider.evolve(state, event);
            if (event.type === 'ContractOriginRecorded') {
              came.set(`d${index}`, BigInt(amount));
              known += BigInt(amount);
              continue;
            }
            const { parts, unknown } = event.data;
            for (const part of parts) {
              back.set(part.depositId, (back.get(part.depositId) ?? 0n) + part.amount.amount);
            }
            const gone = parts.reduce((sum, part) => sum + part.amount.amount, 0n);
            expect(gone + unknown.amount).toBe(BigInt(amount));
            // What has no place has none because everything has gone back.
            known -= gone;
            if (unknown.amount > 0n) expect(known).toBe(0n);
          }
        }
        for (const [depositId, gone] of back) expect(gone <= came.get(depositId)!).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

function stateOf(events: readonly ContractOriginsEvent[]): ContractOriginsState {
  return events.reduce(contractOriginsDecider.evolve, contractOriginsDecider.initial);
}

function eventsOf(
  decision: ReturnType<typeof contractOriginsDecider.decide>,
): readonly ContractOriginsEvent[] {
  if (!decision.accepted) throw new Error(decision.rejection.code);
  return decision.events;
}
