import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Aggregate, DeciderStore, RunResult } from './types.js';

interface Rehearsed {
  state: unknown;
  revision: number;
}

/**
 * A store that decides and folds but never appends: what commands would do, on the states that the real store knows. What
 * it has decided lives as long as it does; one per rehearsal.
 */
export function rehearsalStore(real: Pick<DeciderStore, 'load' | 'history'>): DeciderStore {
  const streams = new Map<string, Promise<Rehearsed>>();
  const open = <Command, State, Event extends DomainEvent, Refusal extends Rejection>(
    aggregate: Aggregate<Command, State, Event, Refusal>,
    id: string,
  ): Promise<Rehearsed> => {
    const name = `${aggregate.category}-${id}`;
    const known = streams.get(name) ?? real.load(aggregate, id).then((loaded) => ({ ...loaded }));
    streams.set(name, known);
    return known;
  };
  return {
    async run<Command, State, Event extends DomainEvent, Refusal extends Rejection>(
      aggregate: Aggregate<Command, State, Event, Refusal>,
      id: string,
      command: Command,
    ): Promise<RunResult<State, Event, Refusal>> {
      const stream = await open(aggregate, id);
      // No pause from here on: two commands of one rehearsal see each other.
      const before = stream.state as State;
      const decision = aggregate.decider.decide(command, before);
      if (!decision.accepted) return { accepted: false, rejection: decision.rejection, state: before };
      const { events } = decision;
      const state = events.reduce((folded, event) => aggregate.decider.evolve(folded, event), before);
      stream.state = state;
      stream.revision += events.length;
      return { accepted: true, events, state, revision: stream.revision, replayed: false };
    },
    async load<Command, State, Event extends DomainEvent, Refusal extends Rejection>(
      aggregate: Aggregate<Command, State, Event, Refusal>,
      id: string,
    ) {
      const { state, revision } = await open(aggregate, id);
      return { state: state as State, revision };
    },
    history: (aggregate, id) => real.history(aggregate, id),
  };
}
