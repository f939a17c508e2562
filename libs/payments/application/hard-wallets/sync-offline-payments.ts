import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';
import { hasRole, type RequestContext } from '#libs/security/port/index.js';
import { hardWalletAggregate } from '../../codec/index.js';
import { SyncOfflinePayments, type OfflineToken, type SyncedPayment } from '../../contract/index.js';
import {
  findEnded,
  verdictOn,
  type HardWalletId,
  type HardWalletState,
  type KnownHardWallet,
} from '../../domain/hard-wallet/index.js';
import { isSigned, isSound, paymentOf } from './offline-token.js';
import { OfflineProcess } from './offline-process.js';

type Synced = Outcome<
  { readonly payments: readonly SyncedPayment[] },
  Rejection<'FORBIDDEN' | 'TOO_MANY_TOKENS'>
>;

/** One append per device stays small, and the request within its deadline. */
const MOST_TOKENS = 200;

/**
 * A shop brings what devices have paid to it. Every token is judged by itself: signature, whom it pays, and by the device's own stream
 * whether its counter was used. A token that was brought before is answered as the first time.
 */
@CommandHandler(SyncOfflinePayments)
export class SyncOfflinePaymentsHandler implements ICommandHandler<SyncOfflinePayments> {
  constructor(
    @Inject(OfflineProcess) private readonly process: OfflineProcess,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: SyncOfflinePayments): Promise<Synced> {
    const { caller } = context;
    if (!hasRole(caller, ['clerk', 'bursar']) || caller.organisation === undefined) {
      return refused('FORBIDDEN', 'Only staff of the organisation that was paid bring its payments.');
    }
    assertIdempotencyKey(input.idempotencyKey);
    const { tokens } = input;
    if (tokens.length === 0) {
      throw new InvalidInputError('NO_TOKENS', 'At least one payment is brought.', ['input', 'tokens']);
    }
    if (tokens.length > MOST_TOKENS)
      return refused('TOO_MANY_TOKENS', `At most ${MOST_TOKENS} payments at a time.`);
    const now = this.runtime.clock.now();
    const mine = tokens.filter(
      (token) => token.organisationId === caller.organisation && isSound(token, now),
    );
    const answers = new Map<OfflineToken, SyncedPayment>();
    for (const hardWalletId of new Set(mine.map((token) => token.hardWalletId))) {
      const own = mine.filter((token) => token.hardWalletId === hardWalletId);
      for (const [token, answer] of await this.#sync(context, hardWalletId, own)) answers.set(token, answer);
    }
    const invalid = ({ hardWalletId, counter }: OfflineToken): SyncedPayment => ({
      hardWalletId,
      counter,
      outcome: 'INVALID_TOKEN',
    });
    return {
      accepted: true,
      value: { payments: tokens.map((token) => answers.get(token) ?? invalid(token)) },
    };
  }

  async #sync(
    context: RequestContext,
    hardWalletId: HardWalletId,
    tokens: readonly OfflineToken[],
  ): Promise<ReadonlyMap<OfflineToken, SyncedPayment>> {
    const { tenant } = context.caller;
    const { store } = this.process;
    const { state } = await store.load(hardWalletAggregate, hardWalletId);
    if (state.status === 'absent' || state.tenant !== tenant) return new Map();
    const signed = tokens.filter((token) => isSigned(token, state.publicKey));
    const payments = signed.map(paymentOf).sort((a, b) => a.counter - b.counter);
    const at = this.runtime.clock.now();
    const digests = payments.map(({ digest }) => digest);
    const commandId = deriveUuid(UUID_NAMESPACES.command, hardWalletId, 'sync', ...digests);
    const command = { kind: 'sync', tenant, payments, at } as const;
    const result = await store.run(
      hardWalletAggregate,
      hardWalletId,
      command,
      commandContext(context, commandId, at),
    );
    const mover = { actor: context.caller.accountId, correlationId: context.correlationId };
    for (const event of result.accepted ? result.events : []) {
      if (event.type === 'OfflineDoubleSpendDetected') await this.process.report(event.data, tenant, mover);
    }
    let known: HardWalletState = result.state;
    for (const token of signed) {
      const isTaken = known.status === 'issued' && verdictOn(paymentOf(token), known) === 'taken';
      if (isTaken) known = await this.process.settle(hardWalletId, token.counter, mover);
    }
    return new Map(signed.map((token) => [token, answerTo(token, known as KnownHardWallet)]));
  }
}

function answerTo(token: OfflineToken, wallet: KnownHardWallet): SyncedPayment {
  const { hardWalletId, counter } = token;
  switch (verdictOn(paymentOf(token), wallet)) {
    case 'taken': {
      const ended = findEnded(wallet, counter);
      if (!ended) throw new Error(`Payment ${counter} of ${hardWalletId} is not settled yet.`);
      return 'paymentId' in ended
        ? { hardWalletId, counter, outcome: 'PAID', paymentId: ended.paymentId }
        : { hardWalletId, counter, outcome: 'SUSPENDED' };
    }
    case 'doubleSpend':
    case 'beyondBalance':
      return { hardWalletId, counter, outcome: 'DOUBLE_SPEND' };
    case 'tooMany':
      return { hardWalletId, counter, outcome: 'TOO_MANY_OFFLINE' };
    case 'fresh':
    case 'unfit':
      return { hardWalletId, counter, outcome: 'INVALID_TOKEN' };
  }
}

function refused(code: 'FORBIDDEN' | 'TOO_MANY_TOKENS', message: string): Synced {
  return { accepted: false, rejection: { code, message } };
}
