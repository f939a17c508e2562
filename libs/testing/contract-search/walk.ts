/** Walks through what can become of a contract, and reports every history in which something is wrong. */
import { isDeepStrictEqual } from 'node:util';
import type { Decider } from '#libs/kernel/decider/index.js';
import { fold } from '#libs/kernel/decider/index.js';
import type {
  ContractCommand,
  ContractEvent,
  ContractRefusal,
} from '#libs/contracts/domain/release-contract/messages.js';
import { auditContract } from '../contract-audit/audit.js';
import { forbiddenMoves } from './forbidden.js';
import { dueOf, tick, type Move } from './act.js';
import { movesOf } from './moves.js';
import { opening } from './opening.js';
import type { Setup } from './setup.js';

/** The real decider, or one with a planted bug: nothing is known of its state. */
export type AnyDecider = Decider<ContractCommand, unknown, ContractEvent, ContractRefusal>;

export interface Breach {
  readonly path: readonly string[];
  readonly what: string;
}

export interface Found {
  readonly histories: number;
  readonly decisions: number;
  readonly breaches: readonly Breach[];
}

interface Node {
  readonly state: unknown;
  readonly events: readonly ContractEvent[];
  readonly nowMs: number;
  readonly path: readonly string[];
}

/** More breaches than anybody reads. */
const MOST_BREACHES = 20;
/** What nobody may do is tried after so many moves at most: who may do what depends on little. */
const FORBIDDEN_UP_TO = 3;
/** More timers than any sample has. */
const MOST_TICKS = 400;

export class Walker {
  decisions = 0;
  histories = 0;
  readonly breaches: Breach[] = [];
  readonly #moves: readonly Move[];
  readonly #forbidden: readonly Move[];

  constructor(
    private readonly decider: AnyDecider,
    private readonly setup: Setup,
  ) {
    this.#moves = movesOf(setup);
    this.#forbidden = forbiddenMoves(setup);
  }

  get alphabet(): number {
    return this.#moves.length;
  }

  /** Everything that can happen within `depth` moves of coming into force; what is refused leads nowhere. */
  exhaust(depth: number): Found {
    const root = this.#root();
    if (root) this.#from(root, depth);
    return this.#found();
  }

  /** One history by the moves of these numbers, whatever they are. */
  follow(choices: readonly number[]): Found {
    let node = this.#root();
    for (const choice of choices) {
      if (!node) break;
      node = this.#after(node, this.#moves[choice % this.#moves.length]!) ?? node;
    }
    if (node) {
      this.#nobodyMay(node);
      this.#leaf(node);
    }
    return this.#found();
  }

  #nobodyMay(node: Node): void {
    for (const move of this.#forbidden) this.#refused(node, move);
  }

  #found(): Found {
    return { histories: this.histories, decisions: this.decisions, breaches: this.breaches };
  }

  #root(): Node | undefined {
    let node: Node = {
      state: this.decider.initial,
      events: [],
      nowMs: Date.parse(this.setup.start),
      path: [],
    };
    for (const command of opening(this.setup)) {
      const after = this.#decide(node, command);
      if (!after) return undefined;
      node = after;
    }
    return node;
  }

  #from(node: Node, depth: number): void {
    if (node.path.length <= FORBIDDEN_UP_TO) this.#nobodyMay(node);
    const nexts = depth === 0 ? [] : this.#moves.flatMap((move) => this.#after(node, move) ?? []);
    if (nexts.length === 0) return this.#leaf(node);
    for (const next of nexts) {
      if (this.breaches.length >= MOST_BREACHES) return;
      this.#from(next, depth - 1);
    }
  }

  /** Undefined where the move is refused or changes nothing. */
  #after(node: Node, move: Move): Node | undefined {
    const nowMs = move.at ? move.at(node) : node.nowMs + 1_000;
    const path = [...node.path, move.name];
    let after: Node = { ...node, nowMs, path };
    for (const command of move.commands(after)) {
      const next = this.#decide(after, command);
      if (!next) break;
      after = next;
    }
    return after.events.length === node.events.length ? undefined : after;
  }

  #decide(node: Node, command: ContractCommand): Node | undefined {
    this.decisions += 1;
    try {
      const decision = this.decider.decide(command, node.state);
      if (!decision.accepted)
        return node.path.length === 0 ? this.#stuck(node, decision.rejection) : undefined;
      const state = decision.events.reduce((before, event) => this.decider.evolve(before, event), node.state);
      return { ...node, state, events: [...node.events, ...decision.events] };
    } catch (error) {
      this.#say(node, `threw on ${command.kind}: ${String(error)}`);
      return undefined;
    }
  }

  #stuck(node: Node, { code, message }: ContractRefusal): undefined {
    this.#say(node, `never came into force: ${code} ${message}`);
    return undefined;
  }

  /** The end of a history: the audit, the fold, and then nothing but the clock until it is over. */
  #leaf(node: Node): void {
    this.histories += 1;
    for (const what of auditContract(node.events)) this.#say(node, what);
    if (!isDeepStrictEqual(fold(this.decider, node.events), node.state))
      this.#say(node, 'I12 the fold is another state');
    this.#liveness(node);
  }

  #liveness(node: Node): void {
    let at: Node = this.#withoutReservations(node);
    for (let ticks = 0; ticks < MOST_TICKS; ticks += 1) {
      const dueMs = dueOf(at.events);
      if (dueMs === undefined) break;
      const when = Math.max(dueMs, at.nowMs);
      const next = this.#after(
        at,
        tick('clock', () => when, this.setup),
      );
      if (!next) return this.#say(at, `I8 due at ${new Date(dueMs).toISOString()}, and nothing happens then`);
      at = next;
    }
    const status = at.events.at(-1)?.data.status;
    const over =
      status === 'completed' || status === 'cancelled' || status === 'refunded' || status === 'expired';
    if (!over) this.#say(at, `I8 the clock alone ends it as ${status}`);
    for (const what of auditContract(at.events)) this.#say(at, what);
  }

  #refused(node: Node, move: Move): void {
    const nowMs = node.nowMs + 1_000;
    for (const command of move.commands({ ...node, nowMs })) {
      this.decisions += 1;
      if (this.#accepts(node, command)) this.#say(node, `accepted, though nobody may: ${move.name}`);
    }
  }

  #accepts(node: Node, command: ContractCommand): boolean {
    try {
      const decision = this.decider.decide(command, node.state);
      return decision.accepted && decision.events.length > 0;
    } catch (error) {
      this.#say(node, `threw on ${command.kind}: ${String(error)}`);
      return false;
    }
  }

  /** Every payment under way ends one day; here without having been captured. */
  #withoutReservations(node: Node): Node {
    const move = this.#moves.find(({ name }) => name === 'release the last reservation');
    let after = node;
    const open = new Set<string>();
    for (const { type, data } of node.events) {
      if (type === 'FundingReserved') open.add(data.paymentId);
      if (type === 'FundingReleased') open.delete(data.paymentId);
      if (type === 'FundsDeposited' && data.source.kind === 'payment') open.delete(data.source.paymentId);
    }
    if (!move) return node;
    for (const paymentId of open) {
      const [command] = move.commands(after);
      if (command?.kind !== 'releaseFunding') continue;
      after = this.#decide(after, { ...command, paymentId: paymentId as typeof command.paymentId }) ?? after;
    }
    return after;
  }

  #say({ path }: Node, what: string): void {
    if (this.breaches.length < MOST_BREACHES) this.breaches.push({ path, what });
  }
}
