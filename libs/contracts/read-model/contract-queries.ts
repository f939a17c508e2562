import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import { asId, isUuid, type ContractId, type TenantId } from '#libs/kernel/ids/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Caller } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import {
  RELEASE_CONTRACTS,
  type ContractSummary,
  type ReleaseContracts,
} from '../contract/release-contracts.js';
import { ContractById, ContractsOf, type ContractFilter, type ContractView } from '../contract/views.js';
import type { ContractPartyRow, ContractTables } from './tables.js';
import { isVisible, readerOf } from './visible.js';

@QueryHandler(ContractById)
export class ContractByIdHandler implements IQueryHandler<ContractById> {
  constructor(@Inject(RELEASE_CONTRACTS) private readonly contracts: ReleaseContracts) {}

  execute({ context: { caller }, id }: ContractById): Promise<ContractView | undefined> {
    return visibleContract(this.contracts, caller, id);
  }
}

/** The contract, if the caller may see it; another's looks like none. */
export async function visibleContract(
  contracts: ReleaseContracts,
  caller: Caller,
  id: ContractId,
): Promise<ContractSummary | undefined> {
  if (!isUuid(id)) return undefined;
  const contract = await contracts.find(caller.tenant, id);
  return contract && isVisible(contract, caller) ? contract : undefined;
}

/** Streams read at once for a page: enough to keep the log busy, few enough to leave it room for payments. */
const AT_ONCE = 32;

const ALONG_THE_LIST = { at: 'listed.drafted_at', id: 'listed.contract_id' } as const;
const BY_CONTRACT = { at: 'contract.drafted_at', id: 'contract.id' } as const;

interface Found {
  readonly id: string;
  readonly drafted_at: string;
}

@QueryHandler(ContractsOf)
export class ContractsOfHandler implements IQueryHandler<ContractsOf> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RELEASE_CONTRACTS) private readonly contracts: ReleaseContracts,
  ) {}

  async execute({ context: { caller }, filter, page }: ContractsOf): Promise<Page<ContractView>> {
    // One subject has a handful of contracts: they are looked up by it, and not along the list.
    const place = filter.subject === undefined ? ALONG_THE_LIST : BY_CONTRACT;
    if (filter.statuses?.length === 0) return { items: [], hasNextPage: false };
    let rows = narrowed(listOf(this.views.database<ContractTables>(), caller, filter), filter)
      .select(['contract.id', 'contract.drafted_at'])
      .orderBy(place.at, 'desc')
      .orderBy(place.id, 'desc')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [at, id] = placeAt(page.after, 2);
      rows = rows
        // Lets the index seek; the rest decides within one moment.
        .where(place.at, '<=', at)
        .where((of) => of.or([of(place.at, '<', at), of(place.id, '<', id)]));
    }
    const found = await rows.execute();
    const shown = found.slice(0, page.first);
    const contracts = await this.#read(caller.tenant, shown);
    return {
      items: shown.flatMap(({ id, drafted_at }, index) => {
        const item = contracts[index];
        return item ? [{ cursor: cursorAt(drafted_at, id), item }] : [];
      }),
      hasNextPage: found.length > page.first,
    };
  }

  async #read(tenant: TenantId, rows: readonly Found[]): Promise<readonly (ContractSummary | undefined)[]> {
    const contracts: (ContractSummary | undefined)[] = [];
    for (let from = 0; from < rows.length; from += AT_ONCE) {
      const some = rows.slice(from, from + AT_ONCE);
      contracts.push(
        ...(await Promise.all(some.map(({ id }) => this.contracts.find(tenant, asId<'contract'>(id))))),
      );
    }
    return contracts;
  }
}

type Listed = ContractTables & { readonly listed: ContractPartyRow };

/** The contracts of the caller's list. Who reads the whole tenant goes along an organisation's list where that is enough. */
function listOf(database: Kysely<ContractTables>, caller: Caller, { organisationId }: ContractFilter) {
  const own = readerOf(caller);
  const narrower = own.kind === 'tenant' && organisationId !== undefined;
  const { kind, partyId } = narrower ? { kind: 'organisation', partyId: organisationId } : own;
  return database
    .selectFrom('contract_party as listed')
    .innerJoin('contract', 'contract.id', 'listed.contract_id')
    .where('listed.kind', '=', kind)
    .where('listed.party_id', '=', partyId)
    .where('contract.tenant', '=', caller.tenant);
}

function narrowed<Row>(
  rows: SelectQueryBuilder<Listed, 'listed' | 'contract', Row>,
  { organisationId, statuses, templateId, subject }: ContractFilter,
): SelectQueryBuilder<Listed, 'listed' | 'contract', Row> {
  let query = rows;
  if (organisationId !== undefined) query = query.where('contract.organisation_id', '=', organisationId);
  if (templateId !== undefined) query = query.where('contract.template_id', '=', templateId);
  if (subject !== undefined) query = query.where('contract.subject', '=', subject);
  if (statuses !== undefined) query = query.where('contract.status', 'in', statuses);
  return query;
}
