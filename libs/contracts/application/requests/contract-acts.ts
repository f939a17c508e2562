import { Inject, Injectable } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, type ContractId, isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation, type RequestContext } from '#libs/security/port/index.js';
import {
  RELEASE_CONTRACTS,
  type ContractAct,
  type ContractMover,
  type ContractSummary,
  type ReleaseContracts,
} from '../../contract/release-contracts.js';
import { noSuchContract, refused } from './refusals.js';
import { mayActAtAll, rolesOf } from './roles-of.js';

/** Of every act: which contract, under which key, in which of the caller's roles. */
export interface AskedAct {
  readonly idempotencyKey: string;
  readonly contractId: ContractId;
  readonly role?: string;
}

export interface ActingParty {
  readonly contract: ContractSummary;
  readonly role: string;
}

type PartyOutcome = Outcome<ActingParty, Rejection<'FORBIDDEN' | 'CONTRACT_NOT_FOUND' | 'NOT_AUTHORISED'>>;
type MoverOutcome = Outcome<ContractMover, Rejection<'IDEMPOTENCY_CONFLICT'>>;

/** What an act says beside key, contract and role, part by part: the same key with other parts is refused. */
export interface Saying {
  readonly operation: string;
  readonly said: readonly string[];
}

/** What all acts of people on a contract have in common: who may, in which role, once per key. */
@Injectable()
export class ContractActs {
  constructor(
    @Inject(RELEASE_CONTRACTS) readonly contracts: ReleaseContracts,
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  /** An act whose content needs nothing of the contract. */
  async act(
    context: RequestContext,
    asked: AskedAct & Saying,
    act: ContractAct,
  ): Promise<Outcome<ContractSummary>> {
    const party = await this.partyIn(context, asked);
    if (!party.accepted) return party;
    return this.actAs(context, party.value, asked, act);
  }

  async actAs(
    context: RequestContext,
    { role }: ActingParty,
    asked: AskedAct & Saying,
    act: ContractAct,
  ): Promise<Outcome<ContractSummary>> {
    const mover = await this.moverFor(context, asked);
    if (!mover.accepted) return mover;
    return this.contracts.act(mover.value, role, asked.contractId, act);
  }

  /**
   * The role that the caller acts in.
   *
   * @throws InvalidInputError `ROLE_REQUIRED` when the caller fills several and names none; `INVALID_IDEMPOTENCY_KEY`
   */
  async partyIn(
    { caller }: RequestContext,
    { contractId, role, idempotencyKey }: AskedAct,
  ): Promise<PartyOutcome> {
    if (!mayActAtAll(caller)) return refused('FORBIDDEN', 'The caller may not act on contracts.');
    assertIdempotencyKey(idempotencyKey);
    const contract = isUuid(contractId) ? await this.contracts.find(caller.tenant, contractId) : undefined;
    if (!contract) return noSuchContract();
    const own = rolesOf(caller, contract);
    if (own.length === 0) {
      return mayReadOrganisation(caller, contract.organisationId)
        ? refused('NOT_AUTHORISED', 'The caller fills no role of the contract.')
        : noSuchContract();
    }
    if (role !== undefined) {
      return own.includes(role)
        ? { accepted: true, value: { contract, role } }
        : refused('NOT_AUTHORISED', 'The caller does not fill this role.', ['input', 'role']);
    }
    const [only, ...others] = own;
    if (others.length > 0) {
      const message = `You fill several roles (${own.join(', ')}): name the one you act in.`;
      throw new InvalidInputError('ROLE_REQUIRED', message, ['input', 'role']);
    }
    return { accepted: true, value: { contract, role: only! } };
  }

  /** Binds the key to the act; its command id follows from both. */
  async moverFor(context: RequestContext, asked: AskedAct & Saying): Promise<MoverOutcome> {
    const { operation, idempotencyKey, contractId, role = '', said } = asked;
    const input = [contractId, role, ...said];
    const at = this.runtime.clock.now();
    const conflict = await claimKey({ store: this.store, at }, context, { operation, idempotencyKey, input });
    if (conflict) return { accepted: false, rejection: conflict };
    const { tenant, accountId } = context.caller;
    const names = [operation, tenant, accountId, idempotencyKey, ...input];
    return { accepted: true, value: moverOf(context, deriveUuid(UUID_NAMESPACES.command, ...names)) };
  }
}

export function moverOf({ caller, correlationId }: RequestContext, commandId: string): ContractMover {
  return { tenant: caller.tenant, actor: caller.accountId, correlationId, commandId };
}

/** An id for what the act brings into being, so that a repeat names the same thing. */
export function idFor(
  { caller }: RequestContext,
  category: 'contract' | 'dispute' | 'claim' | 'amendment',
  { operation, idempotencyKey }: { readonly operation: string; readonly idempotencyKey: string },
): string {
  const { tenant, accountId } = caller;
  return deriveUuid(UUID_NAMESPACES.entity, category, tenant, accountId, operation, idempotencyKey);
}
