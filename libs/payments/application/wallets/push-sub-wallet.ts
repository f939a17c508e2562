import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, crockfordOf, isUuid } from '#libs/kernel/ids/index.js';
import { OrganisationById } from '#libs/onboarding/contract/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { walletAggregate } from '../../codec/index.js';
import { PushSubWallet, type SubWalletId, type SubWalletView } from '../../contract/index.js';
import type { WalletRefusal } from '../../domain/wallet/index.js';
import { noSuchWallet } from './own-wallet.js';
import { pushedView } from './sub-wallet-view.js';

type Refusal = Rejection<
  | 'FORBIDDEN'
  | 'WALLET_NOT_FOUND'
  | 'ORGANISATION_NOT_FOUND'
  | 'IDEMPOTENCY_CONFLICT'
  | 'INVALID_AMOUNT'
  | 'SUB_WALLET_CLOSED'
  | 'TOO_MANY_SUB_WALLETS'
>;

const SCENE = /^[a-z][a-z0-9-]{0,39}$/;

/** The owner pushes a sub-wallet to an organisation. */
@CommandHandler(PushSubWallet)
export class PushSubWalletHandler implements ICommandHandler<PushSubWallet> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, input }: PushSubWallet): Promise<Outcome<SubWalletView, Refusal>> {
    const { tenant, accountId: owner, roles } = context.caller;
    if (!roles.includes('payer')) return refused('FORBIDDEN', 'Only a payer has wallets.');
    assertIdempotencyKey(input.idempotencyKey);
    const { walletId, organisationId, scene, single, day, idempotencyKey } = input;
    if (!isUuid(walletId)) return noSuchWallet();
    if (scene !== undefined && !SCENE.test(scene)) {
      const message = 'A scene is a short code such as canteen.';
      throw new InvalidInputError('INVALID_SCENE', message, ['input', 'scene']);
    }
    if (!(await this.queries.execute(new OrganisationById(context, organisationId)))) {
      return refused('ORGANISATION_NOT_FOUND', 'There is no such organisation.');
    }
    const subWalletId = subWalletIdFor(walletId, idempotencyKey);
    const at = this.runtime.clock.now();
    // The input is part of the id: another input under the same key is another command, and gets refused.
    const said = [organisationId, scene ?? '', single.asset, String(single.amount), String(day.amount)];
    const commandId = deriveUuid(UUID_NAMESPACES.command, subWalletId, 'push', owner, ...said);
    const request = { operation: 'pushSubWallet', idempotencyKey, input: [walletId, ...said] };
    const conflict = await claimKey({ store: this.store, at }, context, request);
    if (conflict) return { accepted: false, rejection: conflict };
    const limits = { single, day };
    const token = tokenOf(subWalletId);
    const result = await this.store.run(
      walletAggregate,
      walletId,
      { kind: 'pushSubWallet', tenant, owner, subWalletId, token, organisationId, scene, limits, at },
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return pushRefused(result.rejection);
    return { accepted: true, value: pushedView(result, subWalletId) };
  }
}

function subWalletIdFor(walletId: string, idempotencyKey: string): SubWalletId {
  return asId<'subWallet'>(deriveUuid(UUID_NAMESPACES.entity, 'subWallet', walletId, idempotencyKey));
}

/** 120 bits that nobody can lead back to the wallet or its owner. */
function tokenOf(subWalletId: SubWalletId): string {
  const half = (name: string): string =>
    crockfordOf(deriveUuid(UUID_NAMESPACES.entity, 'subWalletToken', name, subWalletId));
  return half('first') + half('second');
}

function refused(
  code: Refusal['code'],
  message: string,
): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection: { code, message } };
}

function pushRefused({ code, message, details }: WalletRefusal): Outcome<never, Refusal> {
  switch (code) {
    case 'WALLET_NOT_FOUND':
    case 'IDEMPOTENCY_CONFLICT':
    case 'INVALID_AMOUNT':
    case 'SUB_WALLET_CLOSED':
    case 'TOO_MANY_SUB_WALLETS':
      return { accepted: false, rejection: { code, message, details } };
    default:
      throw new Error(`A push was refused with ${code}.`);
  }
}
