import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps } from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, MESSAGE_SEALS, RUNTIME } from '#libs/runtime/port/tokens.js';
import { actsFor, hasRole, type MessageSeals } from '#libs/security/port/index.js';
import { paymentLinkAggregate } from '../../codec/qr-aggregates.js';
import { WithdrawPaymentLink, type PaymentLinkView } from '../../contract/index.js';
import { linkCodeOf } from '../../domain/payment-link/index.js';
import { linkViewOf } from './create-payment-link.js';
import { assertReason } from './reason.js';

type WithdrawRejection = Rejection<'FORBIDDEN' | 'PAYMENT_LINK_NOT_FOUND'>;

@CommandHandler(WithdrawPaymentLink)
export class WithdrawPaymentLinkHandler implements ICommandHandler<WithdrawPaymentLink> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(BILL_PAYMENT_STEPS) private readonly bills: BillPaymentSteps,
    @Inject(MESSAGE_SEALS) private readonly seals: MessageSeals,
  ) {}

  async execute({
    context,
    input,
  }: WithdrawPaymentLink): Promise<Outcome<PaymentLinkView, WithdrawRejection>> {
    const { caller } = context;
    const { linkId, reason } = input;
    if (!hasRole(caller, ['bursar'])) {
      return refused({ code: 'FORBIDDEN', message: 'Only a bursar withdraws a payment link.' });
    }
    assertReason(reason);
    if (!isUuid(linkId)) return notFound();
    const { state: known } = await this.store.load(paymentLinkAggregate, linkId);
    if (known.status === 'absent' || !actsFor(caller, known.organisationId, 'bursar')) return notFound();
    const at = this.runtime.clock.now();
    const { state, accepted } = await this.store.run(
      paymentLinkAggregate,
      linkId,
      { kind: 'withdraw', tenant: caller.tenant, reason: reason.trim(), at },
      commandContext(context, deriveUuid(UUID_NAMESPACES.command, linkId, 'withdraw'), at),
    );
    if (!accepted) return notFound();
    if (state.status === 'absent') throw new Error('A withdrawn link is not in the log.');
    const code = linkCodeOf(this.seals.seal(state.tenant, 'paymentLink', state.seed));
    return { accepted: true, value: await linkViewOf(state, code, { steps: this.bills, at }) };
  }
}

function notFound() {
  return refused({ code: 'PAYMENT_LINK_NOT_FOUND', message: 'There is no such link.' });
}

function refused(rejection: WithdrawRejection) {
  return { accepted: false, rejection } as const;
}
