/** Who asks in specs, and what the log says afterwards; of no context in particular. */
import type { EventLog, RecordedEvent } from '#libs/event-log/port/index.js';
import { asId, type OrganisationId } from '#libs/kernel/ids/index.js';
import type { Caller, Role } from '#libs/security/port/index.js';

export const TENANT = asId<'tenant'>('demo');
export const SCHOOL = asId<'organisation'>('school-1');
export const OTHER_SCHOOL = asId<'organisation'>('school-2');

export function callerOf(role: Role, accountId: string, organisation?: OrganisationId): Caller {
  return { accountId, personId: `person-${accountId}`, tenant: TENANT, organisation, roles: [role] };
}

export function requestOf(caller: Caller) {
  return { caller, correlationId: 'correlation-1' };
}

/** Every event in the log, in log order. */
export async function recordedEvents(log: EventLog): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of log.readAll()) events.push(...page);
  return events;
}
