import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { cursorAt, placeAt, type Page, type PageRequest, type Views } from '#libs/views/port/index.js';
import {
  RELEASE_CONTRACTS,
  type ContractStatus,
  type ContractSummary,
  type ReleaseContracts,
  type UnitView,
} from '../contract/release-contracts.js';
import { ContractTimeline, UnitsOf, type ContractTimelineEntry } from '../contract/views.js';
import { visibleContract } from './contract-queries.js';
import type { ContractEntryRow, ContractTables, ContractUnitRow } from './tables.js';

@QueryHandler(ContractTimeline)
export class ContractTimelineHandler implements IQueryHandler<ContractTimeline> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RELEASE_CONTRACTS) private readonly contracts: ReleaseContracts,
  ) {}

  async execute(query: ContractTimeline): Promise<Page<ContractTimelineEntry> | undefined> {
    const { context, id, page } = query;
    const contract = await visibleContract(this.contracts, context.caller, id);
    if (!contract) return undefined;
    const rows = this.views
      .database<ContractTables>()
      .selectFrom('contract_entry')
      .where('contract_id', '=', id);
    const found = await rows
      .selectAll()
      .where('seq', '>', afterOf(page))
      .orderBy('seq')
      .limit(page.first + 1)
      .execute();
    const count =
      page.count === false
        ? undefined
        : await rows.select((row) => row.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
    return {
      items: found
        .slice(0, page.first)
        .map((row) => ({ cursor: cursorAt(id, String(row.seq)), item: entryOf(row, contract) })),
      hasNextPage: found.length > page.first,
      ...(count ? { totalCount: Number(count.count) } : {}),
    };
  }
}

function entryOf(row: ContractEntryRow, contract: ContractSummary): ContractTimelineEntry {
  const figure = (minor: bigint) => money(contract.held.asset, minor);
  return {
    eventId: row.event_id,
    seq: row.seq,
    type: row.type as ContractTimelineEntry['type'],
    at: row.at as Instant,
    by: { role: row.by_role, partyId: row.by_party },
    ...(row.rule_id === null
      ? {}
      : { unit: { ...unitOf(row.rule_id, row.dedupe_key), title: titleOf(contract, row.rule_id) } }),
    ...(row.amount_minor === null ? {} : { amount: figure(row.amount_minor) }),
    totals: {
      funded: figure(row.funded_minor),
      released: figure(row.released_minor),
      refunded: figure(row.refunded_minor),
      held: figure(row.held_minor),
      frozen: figure(row.frozen_minor),
    },
    status: row.status as ContractStatus,
    messageKey: row.message_key as ContractTimelineEntry['messageKey'],
    details: JSON.parse(row.details) as Readonly<Record<string, string>>,
  };
}

/** An amendment may have taken a rule off that earlier events name. */
function titleOf({ rules }: ContractSummary, ruleId: string) {
  const rule = rules.find((known) => known.ruleId === ruleId);
  return rule?.title ?? { 'zh-CN': ruleId, 'en-US': ruleId };
}

@QueryHandler(UnitsOf)
export class UnitsOfHandler implements IQueryHandler<UnitsOf> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RELEASE_CONTRACTS) private readonly contracts: ReleaseContracts,
  ) {}

  async execute({ context, id, page }: UnitsOf): Promise<Page<UnitView> | undefined> {
    const contract = await visibleContract(this.contracts, context.caller, id);
    if (!contract) return undefined;
    const rows = this.views
      .database<ContractTables>()
      .selectFrom('contract_unit')
      .where('contract_id', '=', id);
    const found = await rows
      .selectAll()
      .where('since_seq', '>', afterOf(page))
      .orderBy('since_seq')
      .limit(page.first + 1)
      .execute();
    const count =
      page.count === false
        ? undefined
        : await rows.select((row) => row.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
    const open = new Map(contract.openUnits.map((unit) => [keyOf(unit.ruleId, unit.dedupeKey), unit]));
    const { asset } = contract.held;
    return {
      items: found.slice(0, page.first).map((row) => ({
        cursor: cursorAt(id, String(row.since_seq)),
        // What is open is told by the contract itself: disputes, shortfalls and shifted days are known there.
        item: open.get(keyOf(row.rule_id, row.dedupe_key)) ?? unitViewOf(row, asset),
      })),
      hasNextPage: found.length > page.first,
      ...(count ? { totalCount: Number(count.count) } : {}),
    };
  }
}

function unitViewOf(row: ContractUnitRow, asset: Asset): UnitView {
  return {
    ...unitOf(row.rule_id, row.dedupe_key),
    amount: money(asset, row.amount_minor),
    status: (row.status ?? 'ACCEPTED') as UnitView['status'],
    payableAt: row.payable_at as Instant | null,
  };
}

function unitOf(ruleId: string, dedupeKey: string | null) {
  return { ruleId, dedupeKey: dedupeKey ?? '' };
}

function keyOf(ruleId: string, dedupeKey: string): string {
  return `${ruleId}:${dedupeKey}`;
}

/** Number of the last event before the page. @throws InvalidInputError `INVALID_CURSOR` */
function afterOf({ after }: PageRequest): number {
  if (after === undefined) return -1;
  const seq = Number(placeAt(after, 2)[1]);
  if (Number.isSafeInteger(seq)) return seq;
  throw new InvalidInputError('INVALID_CURSOR', 'A cursor comes from an earlier page.', ['after']);
}
