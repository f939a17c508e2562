import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { CNY } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, DEMO_MONEY, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { Caller } from '#libs/security/port/index.js';
import { walletAggregate } from '../codec/index.js';
import { OpenWallet, type OpenWalletInput, type WalletView } from '../contract/index.js';
import { OPERATING_INSTITUTIONS, type WalletHolder } from '../domain/wallet/index.js';
import { viewAfter } from './wallet-view.js';

type Refusal = Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'INSTITUTION_NOT_FOUND'>;

const LONGEST_LABEL = 40;
const LONGEST_NAME = 64;
/** A mobile number of mainland China. */
const PHONE = /^1\d{10}$/;

/**
 * A payer opens a wallet. Its id derives from tenant, account and label, so that every key for the same label leads to the
 * same wallet and no key can conflict.
 */
@CommandHandler(OpenWallet)
export class OpenWalletHandler implements ICommandHandler<OpenWallet> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(DEMO_MONEY) private readonly demoMoney: boolean,
  ) {}

  async execute({ context, input }: OpenWallet): Promise<Outcome<WalletView, Refusal>> {
    const { tenant, accountId, roles } = context.caller;
    if (!roles.includes('payer')) return refused('FORBIDDEN', 'Only a payer opens a wallet.');
    assertIdempotencyKey(input.idempotencyKey);
    const label = readLabel(input.label);
    const { holder } = input;
    if (!holder && !this.demoMoney) {
      const message = 'A wallet is opened with an institution, a name and a phone number.';
      throw new InvalidInputError('HOLDER_REQUIRED', message, ['input', 'holder']);
    }
    if (holder && !OPERATING_INSTITUTIONS.some(({ id }) => id === holder.institutionId)) {
      return refused('INSTITUTION_NOT_FOUND', 'There is no such operating institution.');
    }
    const walletId = asId<'wallet'>(deriveUuid(UUID_NAMESPACES.entity, 'wallet', tenant, accountId, label));
    const known = holder && {
      holder: readHolder(context.caller, holder),
      institutionId: holder.institutionId,
    };
    const { state } = await this.store.run(
      walletAggregate,
      walletId,
      { kind: 'open', walletId, tenant, owner: accountId, label, asset: CNY, ...known },
      commandContext(
        context,
        deriveUuid(UUID_NAMESPACES.command, walletId, 'open'),
        this.runtime.clock.now(),
      ),
    );
    return { accepted: true, value: viewAfter(state) };
  }
}

function readLabel(text: string): string {
  const label = text.trim();
  if (label !== '' && label.length <= LONGEST_LABEL) return label;
  const message = `A label has 1 to ${LONGEST_LABEL} characters.`;
  throw new InvalidInputError('INVALID_LABEL', message, ['input', 'label']);
}

function readHolder(caller: Caller, { name, phone }: NonNullable<OpenWalletInput['holder']>): WalletHolder {
  const read = name.trim();
  if (read === '' || read.length > LONGEST_NAME) {
    const message = `A name has 1 to ${LONGEST_NAME} characters.`;
    throw new InvalidInputError('INVALID_NAME', message, ['input', 'holder', 'name']);
  }
  if (!PHONE.test(phone)) {
    const message = 'A phone number has 11 digits and begins with 1.';
    throw new InvalidInputError('INVALID_PHONE', message, ['input', 'holder', 'phone']);
  }
  return { subjectId: holderSubjectOf(caller), name: read, phone };
}

/** The person behind an account, whose key seals what the wallets know of them. */
export function holderSubjectOf({ tenant, accountId }: Pick<Caller, 'tenant' | 'accountId'>) {
  return asId<'subject'>(deriveUuid(UUID_NAMESPACES.entity, 'wallet-holder', tenant, accountId));
}

function refused(
  code: Refusal['code'],
  message: string,
): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection: { code, message } };
}
