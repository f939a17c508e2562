import type { CommandBus, ICommand, IQuery, QueryBus } from '@nestjs/cqrs';
import { RecentlyUsed } from '#libs/cache/lru/index.js';
import { type Consumers, ProjectionLagging } from '#libs/event-log/consumers/types.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import type { Clock } from '#libs/runtime/port/index.js';
import type { RequestContext } from '#libs/security/port/index.js';

/** The buses as resolvers see them. */
export type Commands = Pick<CommandBus, 'execute'>;
export type Queries = Pick<QueryBus, 'execute'>;

/** How long after a command an account's queries look whether the views have it; by then they have, or somebody is paged. */
const REMEMBERED_MS = 15_000;
/** Views that lag for longer are read as they are. */
const LONGEST_WAIT_MS = 1_000;
const MOST_ACCOUNTS = 10_000;

interface Parts {
  readonly commands: Commands;
  readonly queries: Queries;
  readonly consumers: Pick<Consumers, 'waitFor'>;
  readonly log: Pick<EventLog, 'lastPosition'>;
  readonly clock: Clock;
}

/**
 * Who has just changed something sees it in the next list, bill or printed receipt: an account's queries after a command of
 * its own wait until the views have come as far as the log. Others never wait, and commands pay no more than a map entry.
 */
export class OwnWrites {
  readonly #writtenAtMs = new RecentlyUsed<number>(MOST_ACCOUNTS);
  readonly commands: Commands;
  readonly queries: Queries;

  constructor(private readonly parts: Parts) {
    this.commands = { execute: this.#command.bind(this) as CommandBus['execute'] };
    this.queries = { execute: this.#query.bind(this) as QueryBus['execute'] };
  }

  async #command(command: ICommand): Promise<unknown> {
    try {
      return await this.parts.commands.execute(command);
    } finally {
      const account = accountOf(command);
      if (account) this.#writtenAtMs.set(account, this.parts.clock.monotonicMs());
    }
  }

  async #query(query: IQuery): Promise<unknown> {
    const account = accountOf(query) ?? '';
    const writtenAtMs = this.#writtenAtMs.get(account);
    if (writtenAtMs !== undefined) {
      if (this.parts.clock.monotonicMs() - writtenAtMs < REMEMBERED_MS) await this.#viewsCaughtUp();
      if (this.#writtenAtMs.get(account) === writtenAtMs) this.#writtenAtMs.delete(account);
    }
    return this.parts.queries.execute(query);
  }

  async #viewsCaughtUp(): Promise<void> {
    const position = await this.parts.log.lastPosition();
    if (position === undefined) return;
    try {
      await this.parts.consumers.waitFor(position, LONGEST_WAIT_MS);
    } catch (fault) {
      // An older view is worth more than none; readiness and the lag gauge tell those who can help.
      if (!(fault instanceof ProjectionLagging)) throw fault;
    }
  }
}

function accountOf(message: { readonly context?: RequestContext }): string | undefined {
  return message.context?.caller.accountId;
}
