import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, type TransferId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import { localDateOf, type Instant } from '#libs/kernel/time/index.js';
import { transferAggregate } from '../../codec/index.js';
import { ConfirmCollection, type TransferRejectionCode, type TransferView } from '../../contract/index.js';
import type { TransferRefusal } from '../../domain/transfer/index.js';
import { walletDecider, type OpenWallet, type WalletRefusal } from '../../domain/wallet/index.js';
import { noSuchWallet, ownWallet } from '../wallets/own-wallet.js';
import { collectionIdOf } from './collection-code.js';
import { TransferProcess } from './transfer-process.js';
import { progressOf, refusalOf, transferViewOf } from './transfer-view.js';

type Refusal = Rejection<Exclude<TransferRejectionCode, 'CHANNEL_DECLINED'> | TransferRefusal['code']>;

/** A payer pays a collection: hold → take → credit → spend. */
@CommandHandler(ConfirmCollection)
export class ConfirmCollectionHandler implements ICommandHandler<ConfirmCollection> {
  constructor(@Inject(TransferProcess) private readonly process: TransferProcess) {}

  async execute({ context, input }: ConfirmCollection): Promise<Outcome<TransferView, Refusal>> {
    const { tenant, accountId: payer, roles } = context.caller;
    if (!roles.includes('payer'))
      return refused({ code: 'FORBIDDEN', message: 'Only a payer pays from a wallet.' });
    assertIdempotencyKey(input.idempotencyKey);
    const transferId = collectionIdOf(input.content);
    if (!transferId) {
      return refused({ code: 'COLLECTION_NOT_FOUND', message: 'Nobody asks for money by this code.' });
    }
    const { store, runtime } = this.process.parts;
    const { walletId, expected } = input;
    const wallet = await ownWallet(store, context.caller, walletId);
    if (!wallet) return noSuchWallet();
    const at = runtime.clock.now();
    const refusal = await this.#whyNotOut(transferId, wallet, expected, at);
    if (refusal) return refused(refusal);
    const said = [input.content, walletId, expected.asset, String(expected.amount)];
    const request = {
      operation: 'confirmCollection',
      idempotencyKey: input.idempotencyKey,
      input: said,
    };
    const conflict = await claimKey({ store, at }, context, request);
    if (conflict) return refused(conflict);
    // A collection is paid once, whatever the key: the payer and the wallet make the command.
    const commandId = deriveUuid(UUID_NAMESPACES.command, transferId, 'confirm', payer, walletId);
    const command = { kind: 'confirm', tenant, payer, walletId, expected, at } as const;
    const confirmed = await store.run(
      transferAggregate,
      transferId,
      command,
      commandContext(context, commandId, at),
    );
    if (!confirmed.accepted) return refused(publicRefusal(confirmed.rejection));
    if (confirmed.state.status === 'absent') throw new Error('A confirmed collection is not in the log.');
    const mover = { actor: payer, correlationId: context.correlationId };
    const transfer = await this.process.finish(confirmed.state, mover);
    if (progressOf(transfer) !== 'FAILED') {
      return { accepted: true, value: transferViewOf(transfer, payer) };
    }
    const { code, ...failure } = refusalOf(transfer.failure!);
    if (code === 'CHANNEL_DECLINED' || code === 'IDEMPOTENCY_CONFLICT') {
      throw new Error(`A collection failed with ${code}.`);
    }
    return refused({ ...failure, code });
  }

  /** Asked before the collection is taken, so that nobody without money can use it up. */
  async #whyNotOut(
    transferId: TransferId,
    wallet: OpenWallet,
    amount: Money,
    at: Instant,
  ): Promise<Refusal | undefined> {
    const { store, ports } = this.process.parts;
    const { state } = await store.load(transferAggregate, transferId);
    if (state.status !== 'offered' || amount.amount <= 0n) return undefined;
    const { tenant, owner } = wallet;
    const businessDate = localDateOf(at);
    const limits = await ports.limits.on(tenant, businessDate);
    const paymentId = asId<'payment'>(transferId);
    const hold = { kind: 'hold', tenant, owner, paymentId, amount, limits, businessDate } as const;
    const decision = walletDecider.decide(hold, wallet);
    return decision.accepted ? undefined : holdRefusal(decision.rejection);
  }
}

function holdRefusal({ code, ...refusal }: WalletRefusal): Refusal {
  switch (code) {
    case 'WALLET_FROZEN':
    case 'INSUFFICIENT_FUNDS':
    case 'LIMIT_EXCEEDED':
      return { ...refusal, code };
    default:
      throw new Error(`A hold would be refused with ${code}.`);
  }
}

function publicRefusal({ code, ...refusal }: TransferRefusal): Refusal {
  if (code === 'IDEMPOTENCY_CONFLICT') throw new Error('A confirmation was refused as a conflict.');
  return { ...refusal, code };
}

function refused(rejection: Refusal): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection };
}
