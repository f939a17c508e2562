import { Inject, Injectable } from '@nestjs/common';
import { DONE, Sweeper, type Swept } from '#libs/event-log/consumers/sweeper.js';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import { epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, RUNTIME } from '#libs/runtime/port/tokens.js';
import {
  DUE_CONTRACTS,
  type DueContract,
  type DueContractList,
} from '../domain/release-contract/due-contracts.js';
import { ContractStreams } from './contract-streams.js';

/**
 * Lets what is due happen: payouts after their notice, moments and steps of rules, deadlines of disputes, of funding, the end. It works
 * from a view of the log and remembers nothing, so that it survives any restart; each contract decides by its own state what is
 * due, so that nothing fires twice, however late the view is.
 */
@Injectable()
export class ContractClock extends Sweeper<DueContract> {
  readonly #first: { dueAt: Instant | null };

  constructor(
    @Inject(ContractStreams) streams: ContractStreams,
    @Inject(DUE_CONTRACTS) due: DueContractList,
    @Inject(CONSUMERS) consumers: Pick<Consumers, 'status'>,
    @Inject(RUNTIME) private readonly world: Runtime,
  ) {
    const first: { dueAt: Instant | null } = { dueAt: null };
    const work = {
      name: 'contract',
      view: 'contracts',
      wholeList: true,
      async idleSince(_moment: unknown, limit: number, after: DueContract | undefined) {
        const page = await due.dueBy(world.clock.now(), limit, after);
        if (after === undefined) first.dueAt = page[0]?.dueAt ?? null;
        return page;
      },
      idOf: ({ contractId }: DueContract) => contractId,
      finish: (_id: string, item: DueContract) => tick(streams, item),
    };
    super(work, consumers, world);
    this.#first = first;
  }

  /** For how long the timer has been due that the last sweep found waiting longest; 0 where none was. For metrics. */
  get overdueMs(): number {
    const { dueAt } = this.#first;
    return dueAt === null ? 0 : Math.max(0, epochMsOf(this.world.clock.now()) - epochMsOf(dueAt));
  }
}

/** The contract's own state says what is due: a view that lags names it in vain. */
async function tick(streams: ContractStreams, { contractId, tenant }: DueContract): Promise<Swept> {
  const contract = await streams.find(tenant, contractId);
  if (contract) await streams.letDueHappen(contract);
  return DONE;
}
