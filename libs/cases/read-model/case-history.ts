import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { DECIDER_STORE } from '#libs/runtime/port/tokens.js';
import { caseAggregate } from '../codec/index.js';
import { CaseHistory, type CaseHistoryEntry } from '../contract/index.js';
import { mayRead, type CaseEvent } from '../domain/case/index.js';

type Told = Pick<CaseHistoryEntry, 'messageKey' | 'details' | 'text' | 'facts'>;

/** Everything that happened to a case, straight from the log. */
@QueryHandler(CaseHistory)
export class CaseHistoryHandler implements IQueryHandler<CaseHistory> {
  constructor(@Inject(DECIDER_STORE) private readonly store: DeciderStore) {}

  async execute({ context, id }: CaseHistory): Promise<readonly CaseHistoryEntry[] | undefined> {
    const { caller } = context;
    if (!isUuid(id)) return undefined;
    const history = await this.store.history(caseAggregate, id);
    const opened = history[0]?.event;
    if (opened?.type !== 'CaseOpened' || opened.data.tenant !== caller.tenant) return undefined;
    return mayRead(caller, opened.data) ? history.map(entryOf) : undefined;
  }
}

function entryOf({ event, id, revision, metadata }: DecodedEvent<CaseEvent>): CaseHistoryEntry {
  const { at, actor } = metadata;
  return { eventId: id, revision, type: event.type, at, actor, ...told(event) };
}

function told(event: CaseEvent): Told {
  switch (event.type) {
    case 'CaseOpened': {
      const { text, facts, dueAt } = event.data;
      return { messageKey: 'case.opened', details: { dueAt }, text, facts };
    }
    case 'CaseAssigned': {
      const { owner } = event.data;
      return { messageKey: 'case.assigned', details: { owner }, text: null, facts: {} };
    }
    case 'CaseNoted': {
      const { text, facts } = event.data;
      return { messageKey: 'case.noted', details: {}, text, facts };
    }
    case 'CaseResolved': {
      const { text, facts } = event.data;
      return { messageKey: 'case.resolved', details: {}, text, facts };
    }
    case 'CaseReopened': {
      const { text, dueAt } = event.data;
      return { messageKey: 'case.reopened', details: { dueAt }, text, facts: {} };
    }
    default:
      return assertNever(event, 'case event');
  }
}
