import { Inject, Injectable } from '@nestjs/common';
import { CASES, type Cases } from '#libs/cases/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { EventSet, DecodedEvent } from '#libs/event-log/codec/types.js';
import type { ProcessManager } from '#libs/event-log/consumers/types.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, formatDecimal, money } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { hardWalletAggregate, hardWalletEvents } from '../../codec/index.js';
import {
  findEnded,
  findTaken,
  type HardWalletEvent,
  type HardWalletId,
  type HardWalletState,
  type OfflineDoubleSpendDetected,
} from '../../domain/hard-wallet/index.js';
import { LoadProcess, type Mover } from './load-process.js';
import { OFFLINE_SETTLEMENT, type OfflineSettlement } from './offline-settlement.js';

const PROCESS = 'system:offline-payments';

/** What follows from an offline payment; safe to call by the request and by the process manager at once. */
@Injectable()
export class OfflineProcess {
  constructor(
    @Inject(DECIDER_STORE) readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(CASES) private readonly cases: Cases,
    @Inject(OFFLINE_SETTLEMENT) private readonly settlement: OfflineSettlement,
  ) {}

  /** Pays a payment that was taken to its bill, or puts the money aside for a person. */
  async settle(hardWalletId: HardWalletId, counter: number, mover: Mover): Promise<HardWalletState> {
    const { state } = await this.store.load(hardWalletAggregate, hardWalletId);
    const taken = findTaken(state, counter);
    if (state.status === 'absent' || !taken)
      throw new Error(`No payment ${counter} of ${hardWalletId} was taken.`);
    const ended = findEnded(state, counter);
    const { tenant, owner } = state;
    const { organisationId, reference } = taken;
    const amount = money(CNY, taken.amount);
    if (ended && 'paymentId' in ended) return state;
    const at = this.runtime.clock.now();
    const context = (step: string) => ({
      commandId: deriveUuid(UUID_NAMESPACES.command, hardWalletId, String(counter), step),
      ...mover,
      tenant,
      organisation: organisationId,
      at,
    });
    let after: HardWalletState = state;
    let reason = ended?.suspended;
    if (reason === undefined) {
      const payment = { hardWalletId, counter, tenant, owner, organisationId, reference, amount };
      const settled = await this.settlement.settle(payment, mover.correlationId);
      const command = settled.settled
        ? ({ kind: 'settle', counter, paymentId: settled.paymentId, at } as const)
        : ({ kind: 'suspend', counter, reason: settled.reason, at } as const);
      const run = await this.store.run(hardWalletAggregate, hardWalletId, command, context(command.kind));
      if (settled.settled) return run.state;
      after = run.state;
      reason = settled.reason;
    }
    const facts = { counter: String(counter), reference, amount: formatDecimal(amount), reason };
    const caseId = asId<'case'>(
      deriveUuid(UUID_NAMESPACES.entity, 'case', hardWalletId, 'unsettled', String(counter)),
    );
    const subject = `hardWallet-${hardWalletId}`;
    await this.cases.open(
      { caseId, kind: 'offlineNotSettled', tenant, organisationId, subject, facts, openedAt: at },
      mover.correlationId,
    );
    return after;
  }

  /** A person has to find out how a device came to sign it. */
  async report(data: OfflineDoubleSpendDetected['data'], tenant: string, mover: Mover): Promise<void> {
    const { hardWalletId, counter, digest, amount, organisationId, why, takenDigest, detectedAt } = data;
    const caseId = asId<'case'>(
      deriveUuid(UUID_NAMESPACES.entity, 'case', hardWalletId, 'doubleSpend', digest),
    );
    const facts = {
      counter: String(counter),
      amount: formatDecimal(amount),
      why,
      digest,
      ...(takenDigest !== undefined && { takenDigest }),
    };
    const toOpen = {
      caseId,
      kind: 'offlineDoubleSpend',
      tenant: asId<'tenant'>(tenant),
      organisationId,
      subject: `hardWallet-${hardWalletId}`,
      facts,
      openedAt: detectedAt,
    } as const;
    await this.cases.open(toOpen, mover.correlationId);
  }
}

/** Finishes what a request has begun and a crash has cut off. */
@Injectable()
export class OfflineReactions implements ProcessManager {
  readonly name = 'offline-payments';
  readonly events: readonly EventSet[] = [hardWalletEvents as unknown as EventSet];

  constructor(
    @Inject(LoadProcess) private readonly loads: LoadProcess,
    @Inject(OfflineProcess) private readonly offline: OfflineProcess,
  ) {}

  async react({ event, metadata }: DecodedEvent): Promise<void> {
    const known = event as HardWalletEvent;
    const mover: Mover = { actor: PROCESS, correlationId: metadata.correlationId };
    switch (known.type) {
      case 'HardWalletLoadRequested':
        await this.loads.finish(known.data.hardWalletId, known.data.loadId, mover);
        return;
      case 'OfflinePaymentTaken':
        await this.offline.settle(known.data.hardWalletId, known.data.counter, mover);
        return;
      case 'OfflineDoubleSpendDetected':
        await this.offline.report(known.data, metadata.tenant, mover);
        return;
      case 'HardWalletIssued':
      case 'HardWalletLoaded':
      case 'HardWalletLoadRefused':
      case 'OfflinePaymentSettled':
      case 'OfflinePaymentSuspended':
        return;
    }
  }
}
