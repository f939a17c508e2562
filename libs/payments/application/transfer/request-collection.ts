import { hash } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import { transferAggregate } from '../../codec/index.js';
import { CollectionByContent, RequestCollection, type CollectionView } from '../../contract/index.js';
import { noSuchWallet, ownWallet } from '../wallets/own-wallet.js';
import { collectionIdOf, collectionViewOf } from './collection-code.js';
import { TransferParts } from './parts.js';

type Refusal = Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'INVALID_AMOUNT' | 'WALLET_NOT_FOUND'>;

const USUAL_MS = 10 * 60_000;
const LONGEST_MS = 86_400_000;

/** A payee asks for an amount and shows the code. */
@CommandHandler(RequestCollection)
export class RequestCollectionHandler implements ICommandHandler<RequestCollection> {
  constructor(@Inject(TransferParts) private readonly parts: TransferParts) {}

  async execute({ context, input }: RequestCollection): Promise<Outcome<CollectionView, Refusal>> {
    const { tenant, accountId, roles } = context.caller;
    if (!roles.includes('payer')) return refused('FORBIDDEN', 'Only a payer collects into a wallet.');
    assertIdempotencyKey(input.idempotencyKey);
    const { store, runtime } = this.parts;
    const { walletId, amount, idempotencyKey } = input;
    const wallet = await ownWallet(store, context.caller, walletId);
    if (!wallet) return noSuchWallet();
    if (amount.amount <= 0n || amount.asset !== wallet.asset) {
      return refused('INVALID_AMOUNT', 'What is asked for is above zero and in the currency of the wallet.');
    }
    const at = runtime.clock.now();
    const transferId = asId<'transfer'>(
      deriveUuid(UUID_NAMESPACES.entity, 'transfer', tenant, accountId, 'collection', idempotencyKey),
    );
    const said = [walletId, amount.asset, String(amount.amount), input.expiresAt ?? ''].join('\n');
    const inputHash = hash('sha256', said, 'hex');
    const offer = {
      transferId,
      tenant,
      account: accountId,
      inputHash,
      amount,
      walletId,
      expiresAt: readExpiry(input.expiresAt, at),
      offeredAt: at,
    };
    const commandId = deriveUuid(UUID_NAMESPACES.command, transferId, 'offer', inputHash);
    const command = { kind: 'offer', offer } as const;
    const asked = await store.run(
      transferAggregate,
      transferId,
      command,
      commandContext(context, commandId, at),
    );
    if (!asked.accepted) return refused('IDEMPOTENCY_CONFLICT', asked.rejection.message);
    if (asked.state.status === 'absent') throw new Error('A collection is not in the log.');
    return { accepted: true, value: collectionViewOf(asked.state, at) };
  }
}

/** What a scanned code asks for. */
@QueryHandler(CollectionByContent)
export class CollectionByContentHandler implements IQueryHandler<CollectionByContent> {
  constructor(@Inject(TransferParts) private readonly parts: TransferParts) {}

  async execute({ context: { caller }, content }: CollectionByContent): Promise<CollectionView | undefined> {
    const transferId = collectionIdOf(content);
    if (!transferId || !caller.roles.includes('payer')) return undefined;
    const { state } = await this.parts.store.load(transferAggregate, transferId);
    const visible = state.status !== 'absent' && state.kind === 'personal' && state.tenant === caller.tenant;
    return visible ? collectionViewOf(state, this.parts.runtime.clock.now()) : undefined;
  }
}

function readExpiry(wanted: Instant | undefined, at: Instant): Instant {
  const expiresAt = wanted ?? addMs(at, USUAL_MS);
  // A repetition may come when the time has passed; the log keeps the first.
  if (expiresAt <= addMs(at, LONGEST_MS)) return expiresAt;
  const message = 'A collection ends within a day.';
  throw new InvalidInputError('INVALID_EXPIRY', message, ['input', 'expiresAt']);
}

function refused(
  code: Refusal['code'],
  message: string,
): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection: { code, message } };
}
