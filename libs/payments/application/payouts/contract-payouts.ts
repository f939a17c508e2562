import { Inject, Injectable } from '@nestjs/common';
import type { FundsSource } from '#libs/contracts/contract/release-contracts.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { DecodedEvent, EventSet } from '#libs/event-log/codec/types.js';
import type { ProcessManager } from '#libs/event-log/consumers/types.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { asId, type ContractId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { contractOriginsAggregate } from '../../codec/index.js';
import type { Origin } from '../../domain/contract-origins/index.js';
import { deliver, PAYOUTS, type PayoutParts } from './deliver.js';
import { isReturn, payoutsOf } from './payout.js';
import { partsOf, PayoutPorts } from './payout-ports.js';

/** Payouts under way at once; those of one contract go one after the other. */
const AT_ONCE = 16;

/** What is read of the contracts' `FundsDeposited`. */
interface Deposited {
  readonly contractId: ContractId;
  readonly asset: Asset;
  readonly depositId: string;
  readonly source: FundsSource;
  readonly amount: bigint;
}

/**
 * Carries on what contracts have paid out and what does not lie at its payee yet: to wallets, to other contracts, and back the
 * way it came. It keeps count of where each contract's money came from. At least once; every step is idempotent.
 */
@Injectable()
export class ContractPayouts implements ProcessManager {
  readonly name = 'contract-payouts';
  readonly concurrency = AT_ONCE;
  readonly events: readonly EventSet[];
  readonly #parts: PayoutParts;

  constructor(
    @Inject(DECIDER_STORE) store: DeciderStore,
    @Inject(RUNTIME) runtime: Runtime,
    @Inject(PayoutPorts) ports: PayoutPorts,
  ) {
    this.events = [ports.events];
    this.#parts = partsOf(store, runtime, ports);
  }

  async react(event: DecodedEvent): Promise<void> {
    switch (event.event.type) {
      case 'FundsDeposited':
        return this.#recordOrigin(event);
      case 'FundsReleased':
      case 'FundsRefunded':
        for (const payout of payoutsOf(event)) await deliver(this.#parts, payout);
        return;
      default:
        return;
    }
  }

  async #recordOrigin({ event, id, metadata }: DecodedEvent): Promise<void> {
    const { contractId, asset, depositId, source, amount } = event.data as Deposited;
    if (isReturn(depositId)) return;
    const { store, runtime } = this.#parts;
    const at = runtime.clock.now();
    const tenant = asId<'tenant'>(metadata.tenant);
    const command = {
      kind: 'record',
      contractId,
      tenant,
      depositId,
      origin: originOf(source),
      amount: money(asset, amount),
      at,
    } as const;
    const result = await store.run(contractOriginsAggregate, contractId, command, {
      commandId: deriveUuid(UUID_NAMESPACES.command, 'contractOrigin', contractId, depositId),
      correlationId: metadata.correlationId,
      causationId: id,
      actor: PAYOUTS,
      tenant,
      ...(metadata.organisation !== undefined && { organisation: metadata.organisation }),
      at,
    });
    if (!result.accepted) throw new Error(`Deposit ${depositId} of ${contractId}: ${result.rejection.code}.`);
  }
}

function originOf(source: FundsSource): Origin {
  switch (source.kind) {
    case 'payment':
      return { kind: 'payment', paymentId: source.paymentId };
    case 'contract':
      return { kind: 'contract', contractId: source.contractId };
  }
}
