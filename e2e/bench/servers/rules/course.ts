import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemasFolder } from '#apps/standalone/folders.js';
import { loadTemplateLanguage } from '#libs/contracts/application/templates/template-language.js';
import { WEEKDAYS } from '#libs/contracts/domain/calendar/index.js';
import {
  contractDecider,
  nextDueAt,
  type Contract,
  type ContractCommand,
  type ContractState,
} from '#libs/contracts/domain/release-contract/index.js';
import { agreement, commandsOf } from '#libs/contracts/domain/simulation/commands.js';
import type { SimulatedAct, SimulationInput } from '#libs/contracts/domain/simulation/index.js';
import type { ParameterValues } from '#libs/contracts/domain/template/index.js';
import { compileTerms } from '#libs/contracts/domain/terms/index.js';
import type { Decider } from '#libs/kernel/decider/index.js';
import { addMs, parseInstant, type Instant } from '#libs/kernel/time/index.js';

const TEMPLATE = 'tuition-per-lesson';
const STARTS_AT = parseInstant('2026-09-01T00:00:00Z');
const DAY_MS = 86_400_000;
/** Fen of each lesson. */
const LESSON_FEN = 10_000n;

/** A contract before the first command, and everything that is asked of it after that. */
export interface Script {
  readonly state: ContractState;
  readonly commands: readonly ContractCommand[];
}

export interface CourseOrder {
  readonly lessons: number;
  /** Period of notice of each lesson: `PT0S` for none. */
  readonly notice: string;
  readonly everyMs: number;
}

const language = loadTemplateLanguage(schemasFolder('contracts'));

/** The shipped course with so many lessons, which are attested one after the other, from the first day on. */
export function simulated({ lessons, notice, everyMs }: CourseOrder): SimulationInput {
  const { template, hash } = language.builtIn.get(TEMPLATE)!.at(-1)!;
  const sample = join(schemasFolder('contracts'), 'samples', `${TEMPLATE}.json`);
  const { given } = JSON.parse(readFileSync(sample, 'utf8')) as { readonly given: ParameterValues };
  const total = LESSON_FEN * BigInt(lessons);
  const params = {
    ...given,
    total: String(total),
    lessons: String(lessons),
    endsAt: addMs(STARTS_AT, 1_100 * DAY_MS),
    cooling: notice,
    maxTotal: String(total),
    maxLessons: String(lessons),
  };
  const acts = [{ kind: 'fund', at: STARTS_AT, amount: total } as const, ...lessonsOf(lessons, everyMs)];
  return { template, templateHash: hash, params, calendar: WEEKDAYS, startsAt: STARTS_AT, acts };
}

function lessonsOf(lessons: number, everyMs: number): readonly SimulatedAct[] {
  return Array.from({ length: lessons }, (_, index) => {
    const at = addMs(STARTS_AT, (index + 1) * everyMs);
    const payload = { lessonNo: String(index + 1), deliveredOn: at.slice(0, 10) };
    return { kind: 'attest', rule: 'lesson', at, payload };
  });
}

/** In force; then every lesson is attested, which releases it where there is no notice. */
export function attestAll(order: CourseOrder): Script {
  const input = simulated(order);
  const [fund, ...lessons] = input.acts;
  const state = after(contractDecider.initial, [
    ...agreement(input, signersOf(input)),
    ...commandsFor(fund!, 0, EMPTY),
  ]) as Contract;
  return { state, commands: lessons.flatMap((act, index) => commandsFor(act, index + 1, state)) };
}

/** All lessons in their period of notice at once, confirmed one after the other: each is released. */
export function confirmAll(order: CourseOrder): Script {
  const { state, commands } = attestAll(order);
  const at = commands.at(-1)!.at;
  const confirm = (_: unknown, index: number): SimulatedAct => {
    return { kind: 'confirm', at, role: 'payer', rule: 'lesson', unit: String(index + 1) };
  };
  const acts = Array.from({ length: order.lessons }, confirm);
  const noticed = after(state, commands) as Contract;
  return { state: noticed, commands: acts.flatMap((act, index) => commandsFor(act, index, noticed)) };
}

/** The very commands of which a simulation is made, the clock's among them. */
export function played(input: SimulationInput): Script {
  const commands: ContractCommand[] = [];
  let state: ContractState = contractDecider.initial;
  const ask = (command: ContractCommand): void => {
    commands.push(command);
    state = after(state, [command]);
  };
  const clock = { role: 'system', partyId: 'clock' } as const;
  const runClock = (before: Instant | null): void => {
    for (;;) {
      const dueAt = state.status === 'absent' ? null : nextDueAt(state);
      if (dueAt === null || (before !== null && dueAt > before)) return;
      ask({ kind: 'tick', at: dueAt, by: clock, calendar: input.calendar });
    }
  };
  for (const command of agreement(input, signersOf(input))) ask(command);
  input.acts.forEach((act, index) => {
    runClock(act.at);
    for (const command of commandsFor(act, index, state as Contract)) ask(command);
  });
  runClock(null);
  return { state: contractDecider.initial, commands };
}

/** @returns the state after all commands. @throws Error when one is refused */
export function after(first: ContractState, commands: readonly ContractCommand[]): ContractState {
  return decideAll(contractDecider, first, commands);
}

/** The loop that every lane runs: decide, then fold what was decided. */
export function decideAll<Command, State, Event>(
  { decide, evolve }: Decider<Command, State, Event>,
  first: State,
  commands: readonly Command[],
): State {
  let state = first;
  for (const command of commands) {
    const decision = decide(command, state);
    if (!decision.accepted) throw new Error(`Refused: ${decision.rejection.code}.`);
    for (const event of decision.events) state = evolve(state, event);
  }
  return state;
}

/** Funding asks nothing of the contract. */
const EMPTY = {} as Contract;

function commandsFor(act: SimulatedAct, nth: number, state: Contract): readonly ContractCommand[] {
  const asked = commandsOf(act, nth, state, WEEKDAYS);
  if ('refusal' in asked) throw new Error(`Refused: ${asked.refusal.code}.`);
  return asked.commands;
}

function signersOf({ template, templateHash, params }: SimulationInput): readonly string[] {
  const terms = compileTerms(template, templateHash, params);
  if (!terms.accepted) throw new Error(`The course cannot be drafted: ${terms.rejection.message}`);
  return terms.value.signers;
}
