import { sql } from 'kysely';
import type { RecordedEvent } from '#libs/event-log/port/index.js';
import type { Clock } from '#libs/runtime/port/index.js';
import type { TableDefinition, Views, ViewWriter } from '#libs/views/port/index.js';
import type { Catalogue } from '../codec/catalogue.js';

export const DEAD_LETTERS_OWNER = 'dead-letters';
const TABLE = 'dead_letters';
/** Longest reason kept, in characters. */
const LONGEST_REASON = 500;

/** Events that a consumer could not apply: where they are, never what they hold. */
export const DEAD_LETTERS_TABLE: TableDefinition = {
  name: TABLE,
  columns: {
    consumer: 'text',
    position: 'text',
    stream: 'text',
    revision: 'integer',
    event_id: 'text',
    type: 'text',
    reason: 'text',
    at: 'text',
  },
  primaryKey: ['consumer', 'event_id'],
};

export class DeadLetters {
  constructor(
    private readonly views: Views,
    private readonly catalogue: Catalogue,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  define(): Promise<void> {
    return this.views.define(DEAD_LETTERS_OWNER, 1, [DEAD_LETTERS_TABLE]);
  }

  /** How many lie there by consumer. */
  async counts(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.views
      .database<{ dead_letters: { consumer: string } }>()
      .selectFrom('dead_letters')
      .select(['consumer', sql<number>`count(*)`.as('count')])
      .groupBy('consumer')
      .execute();
    return new Map(rows.map(({ consumer, count }) => [consumer, Number(count)]));
  }

  put(writer: ViewWriter, consumer: string, event: RecordedEvent, error: unknown): void {
    const { position, stream, revision, id, type } = event;
    const at = this.clock.now();
    writer.put(TABLE, {
      consumer,
      position,
      stream,
      revision,
      event_id: id,
      type,
      reason: this.#reason(type, error),
      at,
    });
  }

  removeAll(writer: ViewWriter, consumer: string): void {
    writer.remove(TABLE, { consumer });
  }

  /** An error's message may quote the data it stumbled over, so that of a personal event is withheld. */
  #reason(type: string, error: unknown): string {
    if (!(error instanceof Error)) return 'Not an error object.';
    const cause = error.cause instanceof Error ? ` (${error.cause.name})` : '';
    if (this.catalogue.isPersonal(type))
      return `${error.name}${cause}: message withheld, the event holds personal data`;
    return `${error.name}: ${error.message}${cause}`.slice(0, LONGEST_REASON);
  }
}
