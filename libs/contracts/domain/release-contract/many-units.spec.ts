import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { auditContract } from '#libs/testing/contract-audit/audit.js';
import {
  ask,
  attest,
  COURSE,
  day,
  deposit,
  history,
  hour,
  inForce,
  reserve,
  tick,
  withLesson,
  withRules,
  type Agreed,
} from '#libs/testing/contract-fixture.js';
import {
  contractDecider,
  fundable,
  isEnded,
  nextDueAt,
  type Contract,
  type ContractCommand,
  type ContractEvent,
} from './index.js';

const MANY = 1_200;
/** Beside an event's data its metadata is stored, bytes. */
const METADATA_BYTES = 500;
const APPEND_BYTES = 1_048_576;
const LONG = '课'.repeat(190);

const bytesOf = (events: readonly ContractEvent[]): number =>
  events.reduce((sum, { data }) => sum + METADATA_BYTES + Buffer.byteLength(textOf(data)), 0);
const textOf = (data: object): string =>
  JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));

class Trial {
  readonly decisions: (readonly ContractEvent[])[] = [];
  readonly #before: readonly ContractEvent[];
  state: Contract;

  constructor(...before: readonly ContractCommand[]) {
    this.#before = history(...before);
    const state = fold(contractDecider, this.#before);
    if (state.status === 'absent') throw new Error('Nothing was drafted.');
    this.state = state;
  }

  does(...commands: readonly ContractCommand[]): this {
    for (const command of commands) {
      const decision = contractDecider.decide(command, this.state);
      if (!decision.accepted) throw new Error(`${command.kind}: ${decision.rejection.code}`);
      this.decisions.push(decision.events);
      let state = this.state as ReturnType<typeof contractDecider.evolve>;
      for (const event of decision.events) state = contractDecider.evolve(state, event);
      this.state = state as Contract;
    }
    return this;
  }

  /** As the clock does: until nothing is due by the moment. */
  ticks(at: ReturnType<typeof hour>): this {
    for (let count = 0; (nextDueAt(this.state) ?? '~') <= at; count += 1) {
      if (count > MANY) throw new Error('The clock does not come to an end.');
      this.does(tick(at));
    }
    return this;
  }

  breaches(): readonly string[] {
    return auditContract([...this.#before, ...this.decisions.flat()]);
  }

  count(type: ContractEvent['type']): number {
    return this.decisions.flat().filter((event) => event.type === type).length;
  }

  get largest(): number {
    return Math.max(...this.decisions.map(bytesOf));
  }
}

const units = (key: (nth: number) => string, ruleOf: (nth: number) => string = () => 'lesson') =>
  Array.from({ length: MANY }, (_, nth) =>
    attest(key(nth), hour(1), { rule: ruleOf(nth), payload: { lessonNo: key(nth) } }),
  );
const params = { total: '1200000', least: '1200000', units: String(MANY) };
const dispute = ask('payer', hour(2), { kind: 'dispute', disputeId: 'x', subject: null, reasonCode: 'R' });
const votes = (outcome: 'release' | 'refund') =>
  ['payer', 'school'].map((role) => ask(role, hour(3), { kind: 'vote', disputeId: 'x', outcome }));
const topup = { funding: { ...COURSE.funding, mode: 'topup' as const } };

describe('a contract with more open units than one append can hold', () => {
  const agreed: Agreed & { readonly amount: bigint } = { params, amount: 1_200_000n };

  it('gives everything back when a dispute says so, in as many steps as it takes', () => {
    const trial = new Trial(...inForce(agreed), ...units((nth) => `${nth} ${LONG}`), dispute);
    trial.does(...votes('refund'));
    expect(trial.state.status).toBe('closing');
    expect(nextDueAt(trial.state)).toBe(hour(3));
    trial.ticks(hour(3));
    expect(trial.state).toMatchObject({ status: 'refunded', released: 0n, refunded: 1_200_000n });
    expect(trial.count('EntitlementWaived')).toBe(MANY);
    expect(trial.largest).toBeLessThan(APPEND_BYTES);
    expect(trial.breaches()).toEqual([]);
    const resolved = trial.decisions.flat().find(({ type }) => type === 'DisputeResolved');
    expect(resolved?.data).toMatchObject({ release: 0n, refund: 1_200_000n });
    const ids = trial.decisions
      .flat()
      .flatMap((one) => (one.type === 'TimerFired' ? [one.data.timerId] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lets nobody between the steps', () => {
    const trial = new Trial(...inForce(agreed), ...units(String), dispute).does(...votes('refund'));
    expect(trial.state.status).toBe('closing');
    const confirm = ask('payer', hour(4), { kind: 'confirm', ruleId: 'lesson', dedupeKey: '1199' });
    const decision = contractDecider.decide(confirm, trial.state);
    expect(decision).toMatchObject({ accepted: false, rejection: { code: 'CONTRACT_CLOSED' } });
    trial.ticks(day(30));
    expect(trial.state).toMatchObject({ status: 'refunded', released: 0n });
    expect(trial.breaches()).toEqual([]);
  });

  it('pays everything owed when a dispute says so, in one payout', () => {
    const trial = new Trial(...inForce(agreed), ...units(String), dispute).does(...votes('release'));
    expect(trial.state).toMatchObject({ status: 'completed', released: 1_200_000n });
    expect(trial.count('FundsReleased')).toBe(1);
    expect(trial.largest).toBeLessThan(APPEND_BYTES);
    expect(trial.breaches()).toEqual([]);
  });

  it('comes to its end also where there is no money for them', () => {
    const template = withLesson({}, topup);
    const little = { template, params: { ...params, least: '1000' }, amount: 1_000n };
    const trial = new Trial(...inForce(little), ...units((nth) => `${nth} ${LONG}`)).ticks(day(70));
    expect(trial.state).toMatchObject({ status: 'expired', released: 1_000n });
    expect(trial.count('EntitlementWaived')).toBe(MANY - 1);
    expect(trial.largest).toBeLessThan(APPEND_BYTES);
    expect(trial.breaches()).toEqual([]);
  });

  it('pays the units of several rules, turn about, in a payout each, the last one in part', () => {
    const [lesson] = COURSE.rules;
    const { cooling: _cooling, ...bare } = { ...lesson!, cooling: undefined };
    const template = withRules([bare, { ...bare, id: 'extra' }, ...COURSE.rules.slice(1)], topup);
    const little = { template, params: { ...params, least: '1000' }, amount: 1_000n };
    const alternate = units(String, (nth) => (nth % 2 === 0 ? 'lesson' : 'extra'));
    const trial = new Trial(...inForce(little), ...alternate);
    const paidIn = [reserve(500_500n, 'p-2', hour(2)), deposit(500_500n, 'p-2', hour(2))];
    trial.does(...paidIn);
    const payouts = trial.decisions.flat().filter(({ type }) => type === 'FundsReleased');
    expect(payouts.map(({ data }) => 'amount' in data && data.amount)).toEqual([250_500n, 250_000n]);
    expect(trial.state).toMatchObject({ released: 501_500n });
    expect(trial.state.rules.map(({ paid }) => paid)).toEqual([251_000n, 250_500n, 0n]);
    expect(trial.breaches()).toEqual([]);
  });
});

describe('a contract that is topped up', () => {
  it('takes two thousand deposits, as many as go back in one plan', () => {
    const template = withLesson({}, topup);
    const trial = new Trial(...inForce({ template, params: { ...params, least: '1' }, amount: 1n }));
    for (let nth = 2; nth <= 2_000; nth += 1) {
      trial.does(reserve(1n, `p-${nth}`, hour(1)), deposit(1n, `p-${nth}`, hour(1)));
    }
    expect(fundable(trial.state)).toEqual({ min: 1n, max: 0n });
    expect(contractDecider.decide(reserve(1n, 'p-2001', hour(1)), trial.state)).toMatchObject({
      accepted: false,
      rejection: { code: 'EXCEEDS_MAX_FUNDING', details: { max: '0' } },
    });
  });
});

describe('units that one moment makes earned', () => {
  const lesson = COURSE.rules[0]!.when;
  const template = withLesson({ when: { all: [lesson, { at: day(5) }] }, cooling: undefined } as never);
  const agreed = { template, params, amount: 1_200_000n };
  const key = (nth: number): string => `${nth} ${LONG}`;

  it('are no more than one append can hold, and are paid together', () => {
    const trial = new Trial(...inForce(agreed));
    const [first, later] = [units(key).slice(0, 300), units(key)[300]!];
    trial.does(...first);
    expect(contractDecider.decide(later, trial.state)).toMatchObject({
      accepted: false,
      rejection: { code: 'EXCEEDS_UNITS', details: { most: '300' } },
    });
    trial.ticks(day(5));
    expect(trial.count('FundsReleased')).toBe(1);
    expect(trial.largest).toBeLessThan(APPEND_BYTES);
    expect(trial.breaches()).toEqual([]);
    expect(isEnded(trial.state)).toBe(false);
    trial.does(attest('late', day(6)));
    expect(trial.state).toMatchObject({ released: 301_000n });
  });
});
