import { Inject, Injectable } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { EventTooLarge } from '#libs/event-log/port/index.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import type { ContractId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import { localDateOf, type Instant } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { contractAggregate } from '../codec/index.js';
import type { ContractMover } from '../contract/release-contracts.js';
import { REGIONS, type RegionalParameters, type Regions } from '../contract/templates.js';
import type { ContractActor, ContractCommand, ContractRefusal } from '../domain/release-contract/messages.js';
import type { Contract } from '../domain/release-contract/state.js';
import { nextDueAt } from '../domain/release-contract/timers.js';

/** In whose name timers fire. */
const CLOCK = { role: 'system', partyId: 'system:contract-clock' } as const;

/** A command but for the moment, the actor and the calendar. */
export type ContractAsk = DistributiveOmit<ContractCommand, 'at' | 'by' | 'calendar'>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export type Decided = Outcome<Contract, ContractRefusal>;

/** The streams of release contracts, and what every command on one is told beside what it asks. */
@Injectable()
export class ContractStreams {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(REGIONS) private readonly regions: Regions,
  ) {}

  now(): Instant {
    return this.runtime.clock.now();
  }

  /** `undefined` for another tenant's as for none. */
  async find(tenant: TenantId, contractId: ContractId): Promise<Contract | undefined> {
    const contract = await this.load(contractId);
    return contract?.tenant === tenant ? contract : undefined;
  }

  /** Whoever's it is. */
  async load(contractId: ContractId): Promise<Contract | undefined> {
    const { state } = await this.store.load(contractAggregate, contractId);
    return state.status === 'absent' ? undefined : state;
  }

  /** Of today. */
  regionOf(tenant: TenantId, region: string): Promise<RegionalParameters | undefined> {
    return this.regions.on(tenant, region, localDateOf(this.now()));
  }

  /**
   * One command on a contract that is there. What is due happens first, in the same append; where that is more than an append
   * holds, it happens in ticks of its own before.
   */
  async decide(
    mover: ContractMover,
    contract: Contract,
    by: ContractActor,
    ask: ContractAsk,
  ): Promise<Decided> {
    try {
      return await this.#decide(mover, contract, by, ask);
    } catch (error) {
      if (!(error instanceof EventTooLarge) || ask.kind === 'tick') throw error;
      await this.letDueHappen(contract);
      return this.#decide(mover, contract, by, ask);
    }
  }

  /**
   * Lets everything happen that is due by now, a bounded part per append. The command's id derives from the state that it is
   * decided on, so that a repeat after an unknown outcome is the same command or finds that it has been stored.
   *
   * @throws Error when the contract refuses: its last event is ahead of the clock
   */
  async letDueHappen(found: Contract): Promise<void> {
    for (let contract = found; ;) {
      const { contractId, tenant, seq } = contract;
      const dueAt = nextDueAt(contract);
      if (dueAt === null || dueAt > this.now()) return;
      const commandId = deriveUuid(UUID_NAMESPACES.command, contractId, 'tick', dueAt, String(seq));
      const mover = { tenant, actor: CLOCK.partyId, correlationId: commandId, commandId };
      const ticked = await this.#decide(mover, contract, CLOCK, { kind: 'tick' });
      if (!ticked.accepted) throw new Error(`The contract refused its timers with ${ticked.rejection.code}.`);
      if (ticked.value.seq === seq) throw new Error(`The contract's timers of ${dueAt} did not fire.`);
      contract = ticked.value;
    }
  }

  async #decide(
    mover: ContractMover,
    { tenant, contractId, region: name, organisationId }: Contract,
    by: ContractActor,
    ask: ContractAsk,
  ): Promise<Decided> {
    const region = await this.regionOf(tenant, name);
    // A region that once had parameters has them on every later day.
    if (!region) throw new Error(`Region ${name} of contract ${contractId} has no calendar.`);
    return this.run(mover, { contractId, organisationId, region }, by, ask);
  }

  async run(
    { commandId, correlationId, actor, tenant }: ContractMover,
    of: {
      readonly contractId: ContractId;
      readonly organisationId: OrganisationId;
      readonly region: RegionalParameters;
    },
    by: ContractActor,
    ask: ContractAsk,
  ): Promise<Decided> {
    // Read last of all: commands reach the stream in the order of their moments.
    const at = this.now();
    const context: CommandContext = {
      commandId,
      correlationId,
      actor,
      tenant,
      organisation: of.organisationId,
      at,
      replayEvents: false,
    };
    const command: ContractCommand = { ...ask, at, by, calendar: of.region.calendar };
    const result = await this.store.run(contractAggregate, of.contractId, command, context);
    if (!result.accepted) return { accepted: false, rejection: result.rejection };
    if (result.state.status === 'absent') throw new Error(`Contract ${of.contractId} has no history.`);
    return { accepted: true, value: result.state };
  }
}

/** In whose name a role acts: its party, or the mover where nobody fills it or the platform itself acts. */
export function actorIn(
  { parties }: Pick<Contract, 'parties'>,
  role: string,
  mover: ContractMover,
): ContractActor {
  const party = role === 'system' ? undefined : parties.find((known) => known.role === role);
  return { role, partyId: party?.partyId ?? mover.actor };
}
