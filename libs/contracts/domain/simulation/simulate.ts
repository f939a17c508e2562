import type { Instant } from '#libs/kernel/time/index.js';
import { contractDecider, isEnded, nextDueAt } from '../release-contract/index.js';
import type { Contract, ContractCommand, ContractRefusal, ContractState } from '../release-contract/index.js';
import { compileTerms } from '../terms/index.js';
import { agreement, commandsOf } from './commands.js';
import { lineOf, NOTHING } from './lines.js';
import {
  MOST_SIMULATED_ACTS,
  MOST_SIMULATED_LINES,
  type SimulatedLine,
  type Simulation,
  type SimulationInput,
} from './types.js';

/** More timers than that between two acts mean that time stands still. */
const MOST_TICKS = 2 * MOST_SIMULATED_LINES;

/**
 * Plays a contract through from drafting to its end with the very decider that real ones have: the acts in order of time, and
 * between them and after them whatever the clock does. A refused act changes nothing and is told with its reason.
 *
 * @throws RangeError above `MOST_SIMULATED_ACTS`
 */
export function simulate(input: SimulationInput): Simulation {
  if (input.acts.length > MOST_SIMULATED_ACTS) throw new RangeError(`At most ${MOST_SIMULATED_ACTS} acts.`);
  const play = new Play(input);
  const acts = input.acts
    .map((act, index) => ({ act, index }))
    .toSorted((one, other) => (one.act.at < other.act.at ? -1 : one.act.at > other.act.at ? 1 : 0));
  for (const { act, index } of acts) {
    play.runClock(act.at);
    const contract = play.contract;
    // A draft that was refused has nothing to act on.
    if (!contract) break;
    const asked = commandsOf(act, index, contract, input.calendar);
    if ('refusal' in asked) play.refuse(asked.refusal, act.at, index);
    else play.askInTurn(asked.commands, index);
  }
  play.runClock(null);
  return play.result();
}

const NO_TOTALS = { funded: 0n, released: 0n, refunded: 0n, held: 0n, frozen: 0n };

class Play {
  #state: ContractState = contractDecider.initial;
  readonly #lines: SimulatedLine[] = [];
  readonly #paid = new Map<string, bigint>();
  /** Of the last event, shown or not. */
  #last: SimulatedLine | undefined;
  #truncated = false;

  constructor(private readonly input: SimulationInput) {
    const { template, templateHash, params } = input;
    const terms = compileTerms(template, templateHash, params);
    this.askInTurn(agreement(input, terms.accepted ? terms.value.signers : []), null);
  }

  get contract(): Contract | undefined {
    return this.#state.status === 'absent' ? undefined : this.#state;
  }

  /** Until one is refused. */
  askInTurn(commands: readonly ContractCommand[], act: number | null): void {
    for (const command of commands) {
      if (!this.#ask(command, act)) return;
    }
  }

  refuse(refusal: ContractRefusal, at: Instant, act: number | null): void {
    const { totals = NO_TOTALS, status = 'drafted' } = this.#last ?? {};
    this.#put({ at, act, what: 'Refused', ...NOTHING, totals, status, refusal });
  }

  /** Lets happen what the clock does before a moment, or ever. */
  runClock(before: Instant | null): void {
    const { calendar } = this.input;
    for (let ticks = 0; ticks < MOST_TICKS && !this.#truncated; ticks += 1) {
      const { contract } = this;
      const at = contract && !isEnded(contract) ? nextDueAt(contract) : null;
      if (at === null || (before !== null && at > before)) return;
      const by = { role: 'system', partyId: 'clock' } as const;
      const seen = this.#last;
      if (!this.#ask({ kind: 'tick', at: later(at, contract!.at), by, calendar }, null)) return;
      if (this.#last === seen) return;
    }
  }

  result(): Simulation {
    const last = this.#last;
    const paid = [...this.#paid].map(([role, amount]) => ({ role, amount }));
    return {
      lines: this.#lines,
      totals: last?.totals ?? NO_TOTALS,
      status: last?.status ?? 'drafted',
      paid: paid.toSorted((one, other) => (one.role < other.role ? -1 : 1)),
      endedAt: last?.at ?? this.input.startsAt,
      truncated: this.#truncated,
    };
  }

  #ask(command: ContractCommand, act: number | null): boolean {
    const decision = contractDecider.decide(command, this.#state);
    if (!decision.accepted) {
      this.refuse(decision.rejection, command.at, act);
      return false;
    }
    for (const event of decision.events) {
      this.#state = contractDecider.evolve(this.#state, event);
      const line = lineOf(event, act);
      this.#put(line);
      this.#last = line;
      for (const { role, amount } of line.splits) this.#paid.set(role, (this.#paid.get(role) ?? 0n) + amount);
    }
    return true;
  }

  #put(line: SimulatedLine): void {
    if (this.#lines.length < MOST_SIMULATED_LINES) this.#lines.push(line);
    else this.#truncated = true;
  }
}

/** The moment of a timer that was due while another moment's events were written is now. */
function later(at: Instant, last: Instant): Instant {
  return at < last ? last : at;
}
