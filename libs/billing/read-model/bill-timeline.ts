import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { DECIDER_STORE } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import { billAggregate } from '../codec/index.js';
import { BillTimeline, type BillTimelineEntry } from '../contract/index.js';
import type { BillEvent } from '../domain/bill/index.js';
import { told } from './bill-story.js';

/** Everything that happened to a bill, straight from the log. */
@QueryHandler(BillTimeline)
export class BillTimelineHandler implements IQueryHandler<BillTimeline> {
  constructor(@Inject(DECIDER_STORE) private readonly store: DeciderStore) {}

  async execute({ context, id }: BillTimeline): Promise<readonly BillTimelineEntry[] | undefined> {
    const { caller } = context;
    if (!isUuid(id)) return undefined;
    const history = await this.store.history(billAggregate, id);
    const issued = history[0]?.event;
    if (issued?.type !== 'BillIssued' || issued.data.tenant !== caller.tenant) return undefined;
    if (!mayReadOrganisation(caller, issued.data.organisationId)) return undefined;
    return history.map(entryOf);
  }
}

function entryOf({ event, id, revision, metadata }: DecodedEvent<BillEvent>): BillTimelineEntry {
  return {
    eventId: id,
    revision,
    type: event.type,
    at: metadata.at,
    actor: metadata.actor,
    ...told(event),
  };
}
