import { Inject, Injectable } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Kysely } from 'kysely';
import { asId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation, type Caller } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import { MandateById, MandatesOf, type MandateRunView, type MandateView } from '../contract/mandates.js';
import type { DueMandate, DueMandates, MandateResult } from '../domain/mandate/index.js';
import type { MandateRow, MandateTables } from './mandates-projection.js';

const RUNS_SHOWN = 24;

@QueryHandler(MandatesOf)
export class MandatesOfHandler implements IQueryHandler<MandatesOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, page }: MandatesOf): Promise<Page<MandateView>> {
    const database = this.views.database<MandateTables>();
    let rows = visibleTo(database, caller)
      .orderBy('given_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [at, id] = placeAt(page.after, 2);
      rows = rows.where((mandate) =>
        mandate.or([
          mandate('given_at', '<', at),
          mandate.and([mandate('given_at', '=', at), mandate('id', '<', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    const items = await Promise.all(
      found.slice(0, page.first).map(async (row) => ({
        cursor: cursorAt(row.given_at, row.id),
        item: viewOf(row, await runsOf(database, row.id)),
      })),
    );
    return { items, hasNextPage: found.length > page.first };
  }
}

@QueryHandler(MandateById)
export class MandateByIdHandler implements IQueryHandler<MandateById> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: MandateById): Promise<MandateView | undefined> {
    const database = this.views.database<MandateTables>();
    const row = await visibleTo(database, caller).where('id', '=', id).executeTakeFirst();
    return row && viewOf(row, await runsOf(database, row.id));
  }
}

@Injectable()
export class ViewedDueMandates implements DueMandates {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async on(day: LocalDate, limit: number, after?: DueMandate): Promise<readonly DueMandate[]> {
    let rows = this.views
      .database<MandateTables>()
      .selectFrom('mandate')
      .select(['id', 'next_run_on'])
      .where('next_run_on', '<=', day)
      .orderBy('next_run_on')
      .orderBy('id')
      .limit(limit);
    if (after) {
      const { due, mandateId } = after;
      rows = rows.where((mandate) =>
        mandate.or([
          mandate('next_run_on', '>', due),
          mandate.and([mandate('next_run_on', '=', due), mandate('id', '>', mandateId)]),
        ]),
      );
    }
    return (await rows.execute()).map(({ id, next_run_on }) => ({
      mandateId: asId<'mandate'>(id),
      due: next_run_on as LocalDate,
    }));
  }
}

/** The payer's own; for staff those given to their organisation. */
function visibleTo(database: Kysely<MandateTables>, caller: Caller) {
  const rows = database.selectFrom('mandate').selectAll().where('tenant', '=', caller.tenant);
  const { organisation } = caller;
  if (organisation !== undefined && mayReadOrganisation(caller, organisation)) {
    return rows.where('organisation_id', '=', organisation);
  }
  return rows.where('account', '=', caller.accountId);
}

async function runsOf(
  database: Kysely<MandateTables>,
  mandateId: string,
): Promise<readonly MandateRunView[]> {
  const rows = await database
    .selectFrom('mandate_run')
    .selectAll()
    .where('mandate_id', '=', mandateId)
    .orderBy('due', 'desc')
    .limit(RUNS_SHOWN)
    .execute();
  return rows.map(({ due, attempt, ran_at, results }) => ({
    due: due as LocalDate,
    attempt,
    ranAt: ran_at as Instant,
    results: (JSON.parse(results) as readonly MandateResult[]).map(({ billId, paymentId, code }) => ({
      billId,
      ...(paymentId !== null && { paymentId }),
      ...(code !== null && { code }),
    })),
  }));
}

function viewOf(row: MandateRow, runs: readonly MandateRunView[]): MandateView {
  return {
    id: asId(row.id),
    status: statusOf(row),
    organisationId: asId(row.organisation_id),
    payerNumber: row.payer_number,
    walletId: asId(row.wallet_id),
    subWalletId: row.sub_wallet_id,
    dayOfMonth: row.day_of_month,
    from: row.from_day as LocalDate,
    ...(row.until_day !== null && { until: row.until_day as LocalDate }),
    ...(row.next_run_on !== null && { nextRunOn: row.next_run_on as LocalDate }),
    givenAt: row.given_at as Instant,
    runs,
  };
}

function statusOf({ revoked, next_run_on, exhausted }: MandateRow): MandateView['status'] {
  if (revoked === 1) return 'REVOKED';
  if (next_run_on === null) return 'ENDED';
  return exhausted === 1 ? 'ATTENTION' : 'ACTIVE';
}
