import type { Timers } from '#libs/runtime/port/index.js';
import { type Bus, BusOverloaded, BusUnavailable, type IntegrationEvent } from '../port/index.js';
import { Group } from './group.js';

export interface MemoryBusOptions {
  readonly timers: Timers;
  /** Events waiting per group; past it `publish` refuses. Default 10,000. */
  readonly queuedPerGroup?: number;
  /** Handlers of one group at work at once; events of one subject go one after the other. Default 16. */
  readonly concurrency?: number;
}

/**
 * The Bus port within one process: nothing survives it, so whoever publishes must do so from the log, from a checkpoint of its
 * own. A group whose last member left is forgotten with what waited for it.
 */
export function memoryBus({ timers, queuedPerGroup = 10_000, concurrency = 16 }: MemoryBusOptions): Bus {
  const groups = new Map<string, Group>();
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new BusUnavailable('The bus is closed.');
  }

  function offers(
    events: readonly IntegrationEvent[],
  ): readonly (readonly [Group, readonly IntegrationEvent[]])[] {
    return [...groups.values()].map(
      (group) => [group, events.filter(({ type }) => group.wants(type))] as const,
    );
  }

  return {
    async publish(events) {
      assertOpen();
      const offered = offers(events);
      // All groups or none: otherwise a retry would double the events for those that had room.
      for (const [group, own] of offered) {
        if (group.size + own.length > queuedPerGroup)
          throw new BusOverloaded(`${group.name} is ${group.size} events behind.`);
      }
      for (const [group, own] of offered) for (const event of own) group.push(event);
    },

    async subscribe(name, types, handle) {
      assertOpen();
      let group = groups.get(name);
      if (!group) {
        group = new Group(name, timers, concurrency);
        groups.set(name, group);
      }
      const leave = group.join(types, handle);
      const joined = group;
      return async () => {
        await leave();
        if (joined.isEmpty() && groups.get(name) === joined) groups.delete(name);
      };
    },

    async close() {
      closed = true;
      await Promise.all([...groups.values()].map((group) => group.stop()));
    },
  };
}
