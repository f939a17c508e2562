import { Inject, Injectable } from '@nestjs/common';
import { CASES, type CaseKind, type Cases } from '#libs/cases/contract/index.js';
import { EXTERNAL_CHANNEL, type ExternalChannel } from '#libs/channels/port/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { transferAggregate } from '../../codec/index.js';
import type { KnownTransfer, TransferCommand } from '../../domain/transfer/index.js';
import { WalletLimitsOf } from '../wallets/wallet-limits.js';

/** The institution and the people who are told when it contradicts itself. */
@Injectable()
export class TransferPorts {
  constructor(
    @Inject(EXTERNAL_CHANNEL) readonly external: ExternalChannel,
    @Inject(CASES) readonly cases: Cases,
    @Inject(WalletLimitsOf) readonly limits: Pick<WalletLimitsOf, 'on'>,
  ) {}
}

/** What the steps of a transfer work with. */
@Injectable()
export class TransferParts {
  constructor(
    @Inject(DECIDER_STORE) readonly store: DeciderStore,
    @Inject(RUNTIME) readonly runtime: Runtime,
    @Inject(TransferPorts) readonly ports: TransferPorts,
  ) {}
}

/** Who moves it on: the account that asked, the finisher, or the institution. */
export interface Mover {
  readonly actor: string;
  readonly correlationId: string;
}

/** The same step of the same transfer is the same command, whoever runs it and however often. */
export function stepContext(
  { runtime }: TransferParts,
  { transferId, tenant }: Pick<KnownTransfer, 'transferId' | 'tenant'>,
  { actor, correlationId }: Mover,
  step: string,
): CommandContext {
  const commandId = deriveUuid(UUID_NAMESPACES.command, transferId, 'transfer', step);
  return { commandId, correlationId, actor, tenant, at: runtime.clock.now() };
}

/** Runs a step; whether it says something or comes too late, the state afterwards says how to go on. */
export async function decideOnTransfer(
  parts: TransferParts,
  transfer: KnownTransfer,
  mover: Mover,
  { step, command }: { readonly step: string; readonly command: TransferCommand },
): Promise<KnownTransfer> {
  const context = stepContext(parts, transfer, mover, step);
  const { state } = await parts.store.run(transferAggregate, transfer.transferId, command, context);
  if (state.status === 'absent') throw new Error(`Transfer ${transfer.transferId} is not in the log.`);
  return state;
}

/** For a person to look at; the same happening opens one case. */
export function openTransferCase(
  { ports, runtime }: TransferParts,
  { transferId, tenant }: KnownTransfer,
  {
    kind,
    of = '',
    facts,
  }: { readonly kind: CaseKind; readonly of?: string; readonly facts: Readonly<Record<string, string>> },
  correlationId: string,
): Promise<void> {
  const subject = `transfer-${transferId}`;
  const caseId = asId<'case'>(deriveUuid(UUID_NAMESPACES.entity, 'case', subject, kind, of));
  return ports.cases.open(
    { caseId, kind, tenant, subject, facts, openedAt: runtime.clock.now() },
    correlationId,
  );
}
