import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Caller } from '#libs/security/port/index.js';
import type { CaseFilter } from '../contract/index.js';
import { readsCases } from '../domain/case/index.js';
import type { CasesTables } from './tables.js';

type Cases = ExpressionBuilder<CasesTables, 'case_file'>;
type Condition = ExpressionWrapper<CasesTables, 'case_file', SqlBool>;

/** The caller's own complaints, and for staff with a role for it everything of their place. */
export function visibleTo(caller: Caller): (cases: Cases) => Condition {
  const { tenant, organisation, accountId } = caller;
  return (cases) => {
    const seen: Condition[] = [cases('complainant', '=', accountId) as Condition];
    if (readsCases(caller)) {
      seen.push(
        organisation === undefined
          ? cases.and([])
          : (cases('organisation_id', '=', organisation) as Condition),
      );
    }
    return cases.and([cases('tenant', '=', tenant), cases.or(seen)]);
  };
}

/** An empty list of kinds or statuses matches nothing. */
export function matching(filter: CaseFilter, now: Instant): (cases: Cases) => Condition {
  return (cases) => {
    const conditions: Condition[] = [];
    if (filter.kinds) conditions.push(cases.or(filter.kinds.map((kind) => cases('kind', '=', kind))));
    if (filter.statuses) {
      conditions.push(cases.or(filter.statuses.map((status) => cases('status', '=', status))));
    }
    if (filter.overdue === true) {
      conditions.push(cases.and([cases('status', '=', 'OPEN'), cases('due_at', '<', now)]));
    }
    if (filter.overdue === false) {
      conditions.push(cases.or([cases('status', '=', 'RESOLVED'), cases('due_at', '>=', now)]));
    }
    if (filter.owner !== undefined) conditions.push(cases('owner', '=', filter.owner) as Condition);
    return cases.and(conditions);
  };
}
