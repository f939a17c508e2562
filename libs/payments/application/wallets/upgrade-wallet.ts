import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, IDENTITY_CHECK, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { IdentityCheck } from '#libs/security/port/index.js';
import { walletAggregate } from '../../codec/index.js';
import { UpgradeWallet, type WalletTier, type WalletView } from '../../contract/index.js';
import type { WalletIdentity } from '../../domain/wallet/index.js';
import { holderSubjectOf } from '../open-wallet.js';
import { viewAfter } from '../wallet-view.js';
import { noSuchWallet, ownWallet } from './own-wallet.js';

type Input = UpgradeWallet['input'];
type Refusal = Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND' | 'EVIDENCE_MISSING' | 'IDENTITY_NOT_CONFIRMED'>;

/** What a tier asks for beside name and identity number. */
const EVIDENCE: Readonly<Record<WalletTier, readonly ('bankAccount' | 'counterReference')[]>> = {
  IV: [],
  III: [],
  II: ['bankAccount'],
  I: ['bankAccount', 'counterReference'],
};

const LONGEST_NAME = 64;
const LONGEST_EVIDENCE = 80;

/** The owner moves a wallet to a higher tier by saying who they are. */
@CommandHandler(UpgradeWallet)
export class UpgradeWalletHandler implements ICommandHandler<UpgradeWallet> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(IDENTITY_CHECK) private readonly identities: IdentityCheck,
  ) {}

  async execute({ context, input }: UpgradeWallet): Promise<Outcome<WalletView, Refusal>> {
    const { tenant, accountId, roles } = context.caller;
    if (!roles.includes('payer')) return refused('FORBIDDEN', 'Only a payer has wallets.');
    assertIdempotencyKey(input.idempotencyKey);
    const { walletId, tier } = input;
    // Before anything is asked outside: whose wallet it is.
    if (!(await ownWallet(this.store, context.caller, walletId))) return noSuchWallet();
    const missing = EVIDENCE[tier].find((evidence) => (input[evidence] ?? '').trim() === '');
    if (missing) {
      const details = { evidence: missing, tier };
      return refused('EVIDENCE_MISSING', 'The tier asks for more evidence.', details);
    }
    const claimed = {
      name: readText(input.identityName, 'identityName', LONGEST_NAME),
      number: input.identityNumber.toUpperCase(),
    };
    const answer = await this.identities.check(claimed);
    if (!answer.confirmed) {
      const details = { reason: answer.reason };
      return refused('IDENTITY_NOT_CONFIRMED', 'Name and identity number could not be confirmed.', details);
    }
    const identity = identityOf(input, { subjectId: holderSubjectOf(context.caller), ...claimed });
    const commandId = deriveUuid(UUID_NAMESPACES.command, walletId, 'upgrade', tier, input.idempotencyKey);
    const result = await this.store.run(
      walletAggregate,
      walletId,
      { kind: 'upgrade', tenant, owner: accountId, tier, identity },
      commandContext(context, commandId, this.runtime.clock.now()),
    );
    if (!result.accepted) return noSuchWallet();
    return { accepted: true, value: viewAfter(result.state) };
  }
}

function identityOf({ bankAccount, counterReference }: Input, known: WalletIdentity): WalletIdentity {
  return {
    ...known,
    ...(bankAccount !== undefined && { bankAccount: readText(bankAccount, 'bankAccount', LONGEST_EVIDENCE) }),
    ...(counterReference !== undefined && {
      counterReference: readText(counterReference, 'counterReference', LONGEST_EVIDENCE),
    }),
  };
}

function readText(text: string, field: string, longest: number): string {
  const read = text.trim();
  if (read !== '' && read.length <= longest) return read;
  throw new InvalidInputError('INVALID_TEXT', `${field} has 1 to ${longest} characters.`, ['input', field]);
}

function refused(
  code: Refusal['code'],
  message: string,
  details?: Readonly<Record<string, string>>,
): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection: { code, message, details } };
}
