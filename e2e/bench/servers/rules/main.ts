/** The rules of release contracts alone: no log, no HTTP, nothing durable. Beside them a decider without rules. */
import { contractDecider } from '#libs/contracts/domain/release-contract/index.js';
import { simulate } from '#libs/contracts/domain/simulation/index.js';
import type { Decider } from '#libs/kernel/decider/index.js';
import { answerParent } from '../../process/answer.js';
import {
  attestAll,
  confirmAll,
  type CourseOrder,
  decideAll,
  played,
  type Script,
  simulated,
} from './course.js';

export type Deciding = 'attest' | 'confirm' | 'empty';

export interface DecideOrder extends CourseOrder {
  /** `attest`: each lesson is attested; `confirm`: each is confirmed; `empty`: as many commands, decided without rules. */
  readonly deciding: Deciding;
  /** So many contracts, one after the other. */
  readonly contracts: number;
}

export interface Took {
  readonly durationMs: number;
  /** Of the thread: does not count what else the machine does. */
  readonly cpuMs: number;
}

const EVENTS = [{ type: 'Attested', data: {} } as const, { type: 'Released', data: {} } as const] as const;

/** What the loop costs by itself: always the same two events, of which the state counts the number. */
const emptyDecider: Decider<unknown, { readonly count: number }, (typeof EVENTS)[number]> = {
  initial: { count: 0 },
  decide: () => ({ accepted: true, events: EVENTS }),
  evolve: ({ count }) => ({ count: count + 1 }),
};

const scripts = new Map<string, Script>();

/** Made once, before anything is measured. */
function scriptOf(order: DecideOrder): Script {
  const { lessons, notice, deciding } = order;
  const key = `${lessons} ${notice} ${deciding}`;
  const script = scripts.get(key) ?? (deciding === 'confirm' ? confirmAll : attestAll)(order);
  scripts.set(key, script);
  return script;
}

function decide(order: DecideOrder): Took {
  const { state, commands } = scriptOf(order);
  return took(() => {
    for (let contract = 0; contract < order.contracts; contract += 1) {
      if (order.deciding === 'empty') decideAll(emptyDecider, emptyDecider.initial, commands);
      else decideAll(contractDecider, state, commands);
    }
  });
}

/** A lesson a day, the first and the last act on the days that the simulation begins and ends with. */
function simulateDays({ lessons, notice, everyMs }: CourseOrder): Took {
  const input = simulated({ lessons, notice, everyMs });
  return took(() => {
    const { status, totals } = simulate(input);
    if (status !== 'completed' || totals.held !== 0n) throw new Error(`The simulation ended as ${status}.`);
  });
}

/** The same commands given to the decider, without a simulation around it. */
function decideDays(order: CourseOrder): Took {
  const { state, commands } = played(simulated(order));
  return took(() => void decideAll(contractDecider, state, commands));
}

function took(work: () => void): Took {
  const before = process.threadCpuUsage();
  const startedMs = performance.now();
  work();
  const durationMs = performance.now() - startedMs;
  const { user, system } = process.threadCpuUsage(before);
  return { durationMs, cpuMs: (user + system) / 1_000 };
}

answerParent({ decide, simulate: simulateDays, 'decide-days': decideDays });
