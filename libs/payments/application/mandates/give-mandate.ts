import { hash } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { BillsToPay } from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { mandateAggregate } from '../../codec/index.js';
import { GiveMandate, type GiveMandateRejectionCode, type MandateView } from '../../contract/mandates.js';
import { noSuchWallet, ownWallet } from '../wallets/own-wallet.js';
import { RETRY_AFTER_DAYS } from './mandate-policy.data.js';
import { mandateViewOf } from './mandate-view.js';

type GiveOutcome = Outcome<MandateView, Rejection<GiveMandateRejectionCode>>;

const LAST_DAY_OF_MONTH = 28;

/** A payer lets the organisation of a sub-wallet be paid from it, month by month. */
@CommandHandler(GiveMandate)
export class GiveMandateHandler implements ICommandHandler<GiveMandate> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, input }: GiveMandate): Promise<GiveOutcome> {
    const { caller } = context;
    if (!caller.roles.includes('payer')) return refused('FORBIDDEN', 'Only a payer gives a mandate.');
    assertIdempotencyKey(input.idempotencyKey);
    const at = this.runtime.clock.now();
    const from = input.from ?? localDateOf(at);
    assertSchedule({ ...input, from });
    const mandateId = asId<'mandate'>(
      deriveUuid(UUID_NAMESPACES.entity, 'mandate', caller.tenant, caller.accountId, input.idempotencyKey),
    );
    const inputHash = inputHashOf(input);
    const { state: known } = await this.store.load(mandateAggregate, mandateId);
    if (known.status !== 'absent') {
      // The same answer for good, also when wallet and bills have gone their way since.
      if (known.inputHash === inputHash) return { accepted: true, value: mandateViewOf(known) };
      return refused('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
    }
    const wallet = await ownWallet(this.store, caller, input.walletId);
    if (!wallet) return noSuchWallet();
    const subWallet = wallet.subWallets.find((one) => one.subWalletId === input.subWalletId);
    if (!subWallet) return refused('SUB_WALLET_NOT_FOUND', 'The wallet has no such sub-wallet open.');
    const { organisationId } = subWallet;
    const { payerNumber, payerName, dayOfMonth } = input;
    // Whoever does not know the full name may not watch the bills of a number by paying them.
    const toPay = new BillsToPay(context, { organisationId, payerNumber, payerName });
    const open = await this.queries.execute(toPay);
    if (open.length === 0) return refused('PAYER_NOT_FOUND', 'No bill is open under this number and name.');
    const result = await this.store.run(
      mandateAggregate,
      mandateId,
      {
        kind: 'give',
        mandateId,
        tenant: caller.tenant,
        account: caller.accountId,
        organisationId,
        payerNumber,
        walletId: wallet.walletId,
        subWalletId: subWallet.subWalletId,
        dayOfMonth,
        from,
        until: input.until ?? null,
        retryAfterDays: RETRY_AFTER_DAYS,
        inputHash,
        givenAt: at,
      },
      commandContext(context, deriveUuid(UUID_NAMESPACES.command, mandateId, 'give', inputHash), at),
    );
    if (!result.accepted) return refused('IDEMPOTENCY_CONFLICT', result.rejection.message);
    if (result.state.status === 'absent') throw new Error('A mandate that was given is not in the log.');
    return { accepted: true, value: mandateViewOf(result.state) };
  }
}

function inputHashOf(input: GiveMandate['input']): string {
  const { walletId, subWalletId, payerNumber, payerName, dayOfMonth, from, until } = input;
  const said = [walletId, subWalletId, payerNumber, payerName, dayOfMonth, from ?? '', until ?? ''];
  return hash('sha256', JSON.stringify(said), 'hex');
}

function assertSchedule({ dayOfMonth, from, until }: GiveMandate['input']): void {
  if (!Number.isInteger(dayOfMonth) || dayOfMonth < 1 || dayOfMonth > LAST_DAY_OF_MONTH) {
    const message = `A day of the month is 1 to ${LAST_DAY_OF_MONTH}, so that every month has it.`;
    throw new InvalidInputError('INVALID_SCHEDULE', message, ['input', 'dayOfMonth']);
  }
  if (until !== undefined && from !== undefined && until < from) {
    throw new InvalidInputError('INVALID_SCHEDULE', 'The last day is not before the first.', [
      'input',
      'until',
    ]);
  }
}

function refused(code: GiveMandateRejectionCode, message: string): GiveOutcome {
  return { accepted: false, rejection: { code, message } };
}
